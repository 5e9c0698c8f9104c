/** What goes wrong here, as sentences for people. */
import { Problem } from '../domain/problem.js';

/** How a git command ended, bounded so that it may go into a failure. */
export interface GitEnd {
  command: string;
  /** Exit status; undefined when git could not be started or was ended. */
  status: number | undefined;
  stderr: string;
}

/** The repository, or git itself, is not as it must be. The message says what is wrong and what to do. */
export class GitProblem extends Problem {
  override name = 'GitProblem';
  readonly end: GitEnd | undefined;

  constructor(message: string, options: { end?: GitEnd; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.end = options.end;
  }
}

/** A draft cannot be taken as it is. The message says why and is fit to go back to its author, a model. */
export class DraftProblem extends Problem {
  override name = 'DraftProblem';
}
