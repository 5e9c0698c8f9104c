/** Every command, in the order of the help: beginning, looking, deciding, finishing, keeping. */
import type { Program, Run } from '../command.js';
import { addApprove } from './approve.js';
import { addClean } from './clean.js';
import { addCompare } from './compare.js';
import { addConfig } from './config.js';
import { addCost } from './cost.js';
import { addDemo } from './demo.js';
import { addDoctor } from './doctor.js';
import { addEdit } from './edit.js';
import { addExport } from './export.js';
import { addInit } from './init.js';
import { addList } from './list.js';
import { addLogs } from './logs.js';
import { addMerge } from './merge.js';
import { addModels } from './models.js';
import { addPath } from './path.js';
import { addPrompts } from './prompts.js';
import { addRaiseBudget } from './raise-budget.js';
import { addReject } from './reject.js';
import { addResume } from './resume.js';
import { addRetry } from './retry.js';
import { addRewind } from './rewind.js';
import { addRun } from './run.js';
import { addServer } from './server.js';
import { addSkip } from './skip.js';
import { addStart } from './start.js';
import { addStatus } from './status.js';
import { addStop } from './stop.js';
import { addWorker } from './worker.js';

export const commands: readonly ((program: Program, run: Run) => void)[] = [
  ...[addStart, addRun, addResume, addDemo],
  ...[addList, addStatus, addCost, addLogs],
  ...[addApprove, addReject, addStop, addRetry, addSkip, addRaiseBudget, addRewind, addEdit],
  ...[addPath, addCompare, addMerge, addExport, addClean],
  ...[addWorker, addServer, addDoctor, addPrompts, addModels, addInit, addConfig],
];
