/** What the end of a command says of a check. */
import type { CheckResult } from '../domain/tasks/review.js';
import type { CommandResult } from '../models/command-call.js';

/** A shell that cannot find or run the command, by POSIX: the check itself did not run. */
const cannotRun = [126, 127];

/** @param limitSeconds how long it may have run */
export function howEnded({ status, endedBy }: CommandResult, limitSeconds: number): string {
  if (endedBy !== undefined) return `timed out after ${limitSeconds} s`;
  if (cannotRun.includes(status)) return `cannot be run, exit status ${status}`;
  return `exit status ${status}`;
}

/** Whether a check could not be run at all, so that its result says nothing of the code. */
export const couldNotRun = (result: CheckResult): boolean => result.ended.startsWith('cannot be run');
