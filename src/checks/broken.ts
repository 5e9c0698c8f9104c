/** What a run of checks says against a change. */
import { brokenChecks, type CheckResult } from '../domain/tasks/checks.js';
import { outputEnd } from '../feature/check-output.js';

/** Goes into the history and to a model. */
const outputChars = 4_000;

export interface Broken {
  checks: CheckResult[];
  /** The end of what the first of them printed. */
  output: string;
}

/**
 * The checks that a change breaks, with what the first of them says.
 *
 * @param directory the feature directory
 * @returns undefined where it breaks none
 */
export async function whatBroke(
  directory: string,
  results: readonly CheckResult[],
): Promise<Broken | undefined> {
  const checks = brokenChecks(results);
  const [first] = checks;
  if (first === undefined) return undefined;
  return { checks, output: (await outputEnd(directory, first)).slice(-outputChars) };
}
