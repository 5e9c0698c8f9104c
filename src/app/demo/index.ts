/** The demonstration: the main job on an example, in a repository of its own. What it shows is read from what is there. */

import { featureView, type TaskView } from '../../domain/journal/view.js';
import { readJournal } from '../../feature/journal.js';
import { findProject } from '../../feature/project.js';
import { readLedger } from '../../models/scripted/ledger.js';
import { removeWorktrees } from '../../workspace/worktree.js';
import { accountOf, type CallAccount } from './account.js';
import { type Correction, checkBranch, checkoutChanges, commitLines, findCorrection } from './report.js';
import { feature, runArguments, type Stage, setStage, startCommand } from './stage.js';

export type { CallAccount, Correction };

export interface Demo extends Pick<Stage, 'folder' | 'root'> {
  /** The feature's name. */
  feature: string;
  /** The arguments that start it. */
  runArguments: readonly string[];
  /** Starts a command in the project, as a process of its own. */
  start(args: readonly string[]): ReturnType<typeof startCommand>;
  /** What the scripted model's ledger says by now. */
  account(): CallAccount;
  tasks(): Promise<TaskView[]>;
  correction(): Promise<Correction | undefined>;
  /** As git shows them. */
  commits(): Promise<string[]>;
  /** Runs the project's own tests on the branch, in a fresh clone that knows nothing of Blueprint. */
  checkBranch(): Promise<{ passed: boolean; lines: string[] }>;
  /** What is not as it was in the checkout. */
  checkoutChanges(): Promise<string[]>;
  /** Removes what is outside the folder, which the person removes. */
  clear(): Promise<void>;
}

/** @param command what `blueprint` is run with */
export async function openDemo(command: readonly string[]): Promise<Demo> {
  const stage = await setStage();
  const { folder, root, directory, ledger } = stage;
  return {
    folder,
    root,
    feature,
    runArguments,
    start: (args) => startCommand(command, root, args),
    account: () => accountOf(readLedger(ledger)),
    tasks: async () => featureView(await readJournal(directory)).tasks,
    correction: async () => findCorrection(await readJournal(directory), stage),
    commits: () => commitLines(stage),
    checkBranch: () => checkBranch(stage),
    checkoutChanges: () => checkoutChanges(stage),
    async clear() {
      const project = await findProject(root);
      if (project !== undefined) await removeWorktrees(project.root, project.instance, feature);
    },
  };
}
