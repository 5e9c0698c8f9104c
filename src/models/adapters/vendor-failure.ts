/** What the failures of the vendors' commands have in common. */
import { modelTitles } from '../../domain/vocabulary.js';
import { commonFailure, type SeenOutput } from '../adapter.js';
import type { CallEnd } from '../calls/store/types.js';
import { CallError } from '../errors.js';
import type { VendorModel } from './probe.js';

/** What a command says on standard error alone, before it has asked its vendor anything. */
export interface Complaints {
  /** It does not take its command line. */
  misuse: RegExp;
  /** It does not take so long a prompt. */
  tooLong?: RegExp;
}

/**
 * `commonFailure`, and what holds for every vendor's command: one that waits for its vendor until a limit ends it has
 * failed for what it waited for, not for the time it took; and what one complains of before it begins is there again
 * when it is tried again.
 */
export function vendorFailure(
  end: CallEnd,
  seen: SeenOutput,
  model: VendorModel,
  { misuse, tooLong }: Complaints,
): CallError | undefined {
  if (end.endedBy !== undefined) {
    if (seen.error !== undefined && seen.textBytes === 0) return new CallError(seen.error);
    return commonFailure(end, seen, model);
  }
  if (seen.error === undefined && end.status !== 0) {
    const complaint = (pattern: RegExp | undefined) =>
      pattern?.exec(end.stderrTail)?.[0].replace(/[.\s]+$/, '');
    const title = modelTitles[model];
    const long = complaint(tooLong);
    if (long !== undefined)
      return new CallError({
        kind: 'context-too-long',
        message: `${title} did not take the prompt: ${long}.`,
      });
    const wrong = complaint(misuse);
    if (wrong !== undefined) {
      const message = `${title} did not accept how it was called: ${wrong}. Check \`models.${model}\` in the configuration, or update the command.`;
      return new CallError({ kind: 'not-installed', message, detail: end.stderrTail });
    }
  }
  return commonFailure(end, seen, model);
}
