/** What the checks say of a change. Pure: the checks themselves are run in `src/checks`. */

/** What is kept of a check's run in the history. Its whole output is in the call's directory. */
export interface CheckResult {
  name: string;
  passed: boolean;
  /** It was red before any change, so it does not count against a draft. */
  redBefore: boolean;
  /** The file with all that it printed, below the feature directory; empty for what is no command's. */
  output: string;
  ended: CheckEnd;
  durationMs: number;
  /** It was red, and green when it was run once more on the same tree: it passes, and is named. Its red run. */
  flaky?: RedRun | undefined;
}

/** How a check came to its end. */
export type CheckEnd =
  | { kind: 'exit'; status: number }
  /** It ran into its limit. */
  | { kind: 'timeout'; seconds: number }
  /** There is nothing that the shell could run: it says nothing of the code. */
  | { kind: 'not-runnable'; status: number }
  /** No command's: the draft changes or removes these, and `more` others, without leave. */
  | { kind: 'protected-files'; paths: string[]; more: number };

/** The run of a flaky check that was red. */
export interface RedRun {
  ended: CheckEnd;
  /** As of `CheckResult`. */
  output: string;
}

/** A check that is red, as a reason names it. */
export type RedCheck = Pick<CheckResult, 'name' | 'ended'>;

/** The checks that count against a draft: red now and not red before. */
export const brokenChecks = (checks: readonly CheckResult[]): CheckResult[] =>
  checks.filter((check) => !check.passed && !check.redBefore);

/** The checks that count against a draft, as a reason names them. */
export const redChecks = (checks: readonly CheckResult[]): RedCheck[] =>
  brokenChecks(checks).map(({ name, ended }) => ({ name, ended }));

/** The name under which edits of protected files stand among a draft's checks. No check of the project's has it. */
export const protectedFilesName = 'protected-files';

/** As many as a sentence can name; all of them are in the draft's difference. */
const namedEdits = 10;

/**
 * What a draft may not change without its task saying so counts like a check that it broke: the review is shown it,
 * the correction is to put the files back, and no draft is approved by itself as long as it stands.
 *
 * @param edits paths of protected files that the draft changes or removes
 */
export function protectedFilesFinding(edits: readonly string[]): CheckResult[] {
  if (edits.length === 0) return [];
  const paths = edits.slice(0, namedEdits);
  const ended: CheckEnd = { kind: 'protected-files', paths, more: edits.length - paths.length };
  return [{ name: protectedFilesName, passed: false, redBefore: false, output: '', ended, durationMs: 0 }];
}
