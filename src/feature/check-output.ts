/** What checks printed: kept whole in their calls' directories, and shown by its end. */
import { join } from 'node:path';
import type { CheckResult } from '../domain/tasks/checks.js';
import { readEnd } from '../host/tail.js';

/** How much of a check's output a model or a person is shown: the end, where test runners say what failed. */
const outputBytes = 16_000;

/**
 * The end of what a check printed; a finding that is no command's printed nothing.
 *
 * @param directory the feature directory
 */
export const outputEnd = async (
  directory: string,
  { output }: Pick<CheckResult, 'output'>,
): Promise<string> => (output === '' ? '' : readEnd(join(directory, output), outputBytes));
