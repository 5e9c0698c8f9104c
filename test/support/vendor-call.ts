/** Calls to the real commands, each made by a process of its own, as a worker's are. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { configSchema } from '../../src/domain/config/schema.js';
import { modelSettings } from '../../src/domain/models/settings.js';
import type { ModelName } from '../../src/domain/vocabulary.js';
import type { ModelCall } from '../../src/models/model-call.js';
import { printed } from './calls.js';
import type { FollowedModel } from './follow-model.js';
import { testFolder, transpiledCode } from './source-process.js';
import type { VendorWorld } from './vendor-double.js';

type Request = Omit<ModelCall, 'prompt'> & { prompt: string };

export interface VendorCall {
  /** The folder of its calls, which has this one only. */
  calls: string;
  request: Request;
  environment: Record<string, string>;
}

/**
 * A call for a draft, in a folder of its own.
 *
 * @param task by which the double's scenario tells it from others
 */
export async function vendorCall(
  world: VendorWorld,
  model: ModelName,
  task: string,
  more: Partial<Request> = {},
): Promise<VendorCall> {
  const folder = await realpath(await mkdtemp(join(testFolder(), 'vendor-')));
  const { models } = configSchema.parse({ models: world.models });
  return {
    calls: join(folder, 'calls'),
    environment: world.environment,
    request: {
      call: { name: `${task}-draft`, round: 1, inputs: { v: 1 } },
      purpose: 'draft',
      role: 'coder',
      task,
      model,
      mode: 'text',
      settings: modelSettings({ models }, model),
      script: null,
      ledger: join(folder, 'ledger.jsonl'),
      cwd: folder,
      prompt: 'Write it.',
      // One try: what a failure is, is seen at once.
      limits: { totalSeconds: 100, inactivitySeconds: 100, graceSeconds: 2, tries: 1 },
      pass: [],
      ...more,
    },
  };
}

/** Makes or follows a call in a process that can be killed; what it prints is a `FollowedModel`. */
export function askElsewhere({ calls, request, environment }: VendorCall): ChildProcess {
  const script = join(transpiledCode(), 'test', 'support', 'follow-model.js');
  return spawn(process.execPath, [script, calls, JSON.stringify(request)], {
    env: { ...process.env, ...environment, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

export const ask = (call: VendorCall): Promise<FollowedModel> => printed(askElsewhere(call));

/** The answer's text of a call that succeeded. */
export async function answerOf({ answer, error }: FollowedModel): Promise<string> {
  if (answer === undefined) throw new Error(`The call failed: ${error?.kind}: ${error?.message}`);
  return readFile(answer.answer.path, 'utf8');
}

export interface CallProcess {
  pid: number;
  parent: number;
  /** Its arguments. */
  line: string[];
}

/** The processes that carry a call's mark in their environment, in whatever group. Linux only. */
export async function processesOfCall({ calls }: VendorCall): Promise<CallProcess[]> {
  const found: CallProcess[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [environment, stat, line] = await Promise.all(
      ['environ', 'stat', 'cmdline'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')),
    );
    if (!environment?.includes(`BLUEPRINT_CALL=${calls}/`)) continue;
    const [state, parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    if (state === 'Z' || state === 'X') continue;
    found.push({ pid: Number(name), parent: Number(parent), line: line?.split('\0') ?? [] });
  }
  return found;
}
