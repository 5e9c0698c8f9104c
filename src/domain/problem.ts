/**
 * What a person can put right. Doing the same again would only find it again.
 *
 * A problem is told by its code, on every side: the message is a whole sentence of what was wrong, fit for any
 * screen; what to type against it is made from code and parameters where it is shown.
 */

import { because, type Reason } from './reasons.js';
import type { ModelName } from './vocabulary.js';

/** How a git command ended, bounded so that it may go into a failure. */
export interface GitEnd {
  command: string;
  /** Exit status; undefined when git could not be started or was ended. */
  status: number | undefined;
  stderr: string;
}

/** One of the files that Blueprint keeps. */
interface OfFile {
  /** Its path. */
  file: string;
}

// biome-ignore lint/complexity/noBannedTypes: what has no parameters takes any object, also one with a cause alone.
type Nothing = {};

interface OfFeature {
  feature: string;
}

/** Every code, with the parameters that go with it. */
export interface ProblemParams {
  /** The command line itself is wrong. */
  usage: Nothing;

  // What a person gave
  'brief-unusable': Nothing;
  /** Nobody says what these models' calls cost. */
  'budget-unusable': { models: ModelName[] };
  'budget-set': Nothing;
  'config-invalid': Nothing;
  'config-missing': Nothing;
  'config-unreadable': Nothing;
  'message-unusable': Nothing;
  'name-unusable': Nothing;
  'path-unusable': Nothing;
  'plan-unusable': Nothing;
  'prompts-unusable': Nothing;
  'editor-unusable': Nothing;

  // The feature directory
  'damaged-file': OfFile;
  'file-changed': Nothing;
  'file-in-the-way': Nothing;
  'file-missing': Nothing;
  'file-too-long': Nothing;
  'file-unreadable': Nothing;
  'folder-missing': Nothing;
  'folder-unusable': Nothing;
  /** A file of ours that a newer version of Blueprint has written. */
  'newer-file': OfFile;

  // A feature that is not there, or not where it would have to be
  'budget-gate': OfFeature;
  'checks-red': Nothing;
  'draft-missing': Nothing;
  'earlier-work': OfFeature;
  'earlier-workflow': { workflowId: string };
  'edit-refused': Nothing;
  'feature-done': Nothing;
  /** `startable`: its name, where there is no feature at all. */
  'feature-missing': { startable?: string };
  'gate-ambiguous': Nothing;
  'gate-not-open': Nothing;
  'name-taken': OfFeature;
  'no-model': Nothing;
  /** There is no such branch to merge into. */
  'no-target': Nothing;
  'not-confirmed': Nothing;
  'not-finished': Nothing;
  'not-merged': OfFeature;
  'not-running': OfFeature;
  'not-stopped': OfFeature;
  'nothing-to-draft': Nothing;
  'nothing-to-export': Nothing;
  'nothing-to-review': Nothing;
  'plan-missing': Nothing;
  refused: OfFeature;
  'rewind-refused': Nothing;
  'rewind-unfinished': OfFeature;
  /** The project's own commands do not work in a fresh worktree. */
  'setup-failed': Nothing;
  /** A specification that is not at its gate. */
  'spec-closed': OfFeature;
  'task-missing': Nothing;

  // git
  'branch-checked-out': Nothing;
  'branch-moved': Nothing;
  'branch-taken': { branch: string };
  'checkout-in-use': Nothing;
  'commit-missing': Nothing;
  /** A draft cannot be taken as it is. The message is fit to go back to its author, a model. */
  'draft-unusable': Nothing;
  /** A git command ended with an error. */
  'git-failed': GitEnd;
  /** Another git's lock is in the way. */
  'git-lock': Nothing;
  'git-missing': Nothing;
  'git-unusable': Nothing;
  'head-moved': Nothing;
  'merge-conflict': Nothing;
  'no-repository': Nothing;
  'ref-taken': Nothing;
  /** git does not read what another user owns. */
  'repository-untrusted': { folder: string };
  'repository-unusable': Nothing;
  'worktree-unusable': Nothing;

  // The Temporal server
  'namespace-missing': Nothing;
  'server-not-started': Nothing;
  'server-older': Nothing;
  'server-silent': { embedded: boolean };
  'temporal-command-unusable': Nothing;
  'temporal-config-unusable': Nothing;
}

export type ProblemCode = keyof ProblemParams;

/** `reason`: where the problem is more than a sentence. */
type Details<C extends ProblemCode> = ProblemParams[C] & { cause?: unknown; reason?: Reason };

export class Problem<C extends ProblemCode = ProblemCode> extends Error {
  override readonly name = 'Problem';
  readonly params: ProblemParams[C];
  /** What is kept of it in gates, journals and failures. */
  readonly reason: Reason;

  /**
   * @param message a sentence, or several, without commands to type
   * @param details the code's parameters; the error that it comes from; the reason, where it is more than a sentence
   */
  constructor(
    readonly code: C,
    message: string,
    ...[details]: Nothing extends ProblemParams[C] ? [details?: Details<C>] : [details: Details<C>]
  ) {
    const { cause, reason, ...params } = details ?? { cause: undefined };
    super(message, cause === undefined ? undefined : { cause });
    this.params = params as ProblemParams[C];
    this.reason = reason ?? because('problem', { problem: code, text: message });
  }
}

/**
 * Whether an error is a problem, and one of this code where one is named.
 *
 * Told by its name: an error from another realm, such as a test's, is no instance of this one's class.
 */
export function isProblem<C extends ProblemCode = ProblemCode>(
  error: unknown,
  code?: C,
): error is Problem<C> {
  return error instanceof Error && error.name === 'Problem' && (code === undefined || hasCode(error, code));
}

const hasCode = (error: Error, code: string): boolean => 'code' in error && error.code === code;
