/** What keeps a command from doing what was asked, and the exit status that says so. */
import { Problem } from '../domain/problem.js';

export const exitStatus = {
  done: 0,
  error: 1,
  usage: 2,
  /** Nothing moves without a person. */
  waiting: 3,
  /** As a shell counts: 128 and the number of SIGINT. */
  interrupted: 130,
} as const;

/** A sentence for a person, with what to do about it. */
export class CommandProblem extends Problem {
  override readonly name = 'CommandProblem';
}

/** The command line itself is wrong. */
export class UsageProblem extends Problem {
  override readonly name = 'UsageProblem';
}
