/** What the checks say of a change. Pure: the checks themselves are run in `src/checks`. */

import type { CheckEnd, CheckResult, RedRun } from './check-schema.js';

export type { CheckEnd, CheckResult, RedRun };

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
