/** What the end of a command says of a check. */
import type { CheckEnd, CheckResult } from '../domain/tasks/checks.js';
import type { CommandResult } from '../models/command-call.js';

/** A shell that cannot find or run the command, by POSIX: the check itself did not run. */
const cannotRun = [126, 127];

/** @param seconds how long it might run */
export function checkEnd({ status, endedBy }: CommandResult, seconds: number): CheckEnd {
  if (endedBy !== undefined) return { kind: 'timeout', seconds };
  return { kind: cannotRun.includes(status) ? 'not-runnable' : 'exit', status };
}

/** Whether a check could not be run at all, so that its result says nothing of the code. */
export const couldNotRun = ({ ended }: CheckResult): boolean => ended.kind === 'not-runnable';
