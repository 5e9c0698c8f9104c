/** A call as the call store has it on disk, for whoever looks at it. Pure. */

import type { CallErrorKind } from '../models/call-errors.js';

/** What a call is about, from its request: purpose, role, task, model, or the kind and command of a check. */
export type CallAbout = Partial<Record<string, string>>;

/**
 * `starting`: no process has taken the claim. `running`: one runs. `ended`: it ended, and nobody has read the answer
 * yet. `done`: it gave the call's result. `failed`: see the error. `lost`: its process died and nobody has noticed yet.
 */
export type TryState = 'starting' | 'running' | 'ended' | 'done' | 'failed' | 'lost';

export interface StoredTry {
  number: number;
  state: TryState;
  /** Milliseconds since 1970. */
  startedAt?: number;
  endedAt?: number;
  error?: { kind: CallErrorKind; message: string };
  /** Its process was lost, with whatever it was paid. */
  lost: boolean;
}

export interface StoredCall {
  /** The call directory's name. */
  call: string;
  name: string;
  round: number;
  about: CallAbout;
  /** Milliseconds since 1970. */
  madeAt: number;
  finished: boolean;
  /** A person, or the workflow, has ended it for good. */
  stopped: boolean;
  tries: StoredTry[];
  /** Its files that cannot be read, a sentence for each. */
  damage: string[];
  /** Processes that were started, processes taken over from a lost worker, and times a finished answer was used. */
  sources: { made: number; adopted: number; reused: number };
}

/** A call that runs this moment. */
export interface RunningCall {
  call: string;
  about: CallAbout;
  /** The last line of its output so far, raw; empty before there is one. */
  lastLine: string;
}

/** A try that failed, and after which the call may be tried again. */
export interface FailedTry {
  number: number;
  message: string;
}

export interface CallCounts {
  /** Processes of models that were started. */
  made: number;
  /** Running calls that were taken over from a lost worker. */
  adopted: number;
  /** Finished answers that were found and not asked for again. */
  reused: number;
  /** Tries that were made because the one before was lost with its machine: paid for again. */
  repeated: number;
}

/**
 * The task that a call belongs to, or undefined. Checks do not name theirs, but their call's name begins with it.
 *
 * @param tasks the ids that there are
 */
export function taskOfCall(call: string, about: CallAbout, tasks: readonly string[]): string | undefined {
  if (about.task !== undefined) return about.task;
  const fitting = tasks.filter((id) => call.startsWith(`${id}-`));
  // An id may begin like another one.
  return fitting.sort((a, b) => b.length - a.length)[0];
}
