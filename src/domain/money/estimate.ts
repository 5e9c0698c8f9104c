/**
 * What is not known yet, estimated: the tokens of a text, of an answer, and what a call comes to. A forecast shows a
 * range; a budget reserves its upper end, so that what a call uses is hardly ever more than what was kept for it. Pure.
 */
import type { Price } from '../models/settings.js';
import type { Mode, Purpose } from '../vocabulary.js';
import { dollars } from './price.js';
import type { Estimate } from './spending.js';

export interface Range {
  least: number;
  most: number;
}

/** Vendors count a token for three to five bytes of English and of code. */
const bytesPerToken: Range = { least: 5, most: 3 };

/** @param bytes of a text; a range where its length is not known yet */
export function tokensOf(bytes: number | Range): Range {
  const { least, most } = typeof bytes === 'number' ? { least: bytes, most: bytes } : bytes;
  return { least: least / bytesPerToken.least, most: most / bytesPerToken.most };
}

/** Of a review: from a short approval to one with many corrections, thought over before. In tokens. */
export const reviewTokens: Range = { least: 100, most: 4_000 };

/** Of a draft beyond the files that it changes: a small one, and one that adds as much. In bytes. */
export const draftBytes: Range = { least: 1_000, most: 30_000 };

/** The most tokens that an answer is expected to have; what it has used takes their place when it ends. */
const mostAnswerTokens: Record<Purpose, number> = {
  spec: 3_000,
  plan: 3_000,
  refine: 3_000,
  draft: tokensOf(draftBytes).most,
  correct: tokensOf(draftBytes).most,
  review: reviewTokens.most,
  compare: 1_000,
};

/**
 * A command that edits by itself sends all that was said before with each step. Few calls come near the most, and a
 * budget that reserved it would hold back the others: `usual` is reserved.
 */
export const editSteps: Range & { usual: number } = { least: 2, usual: 5, most: 20 };

/** Where no price is configured, for reserving only: no cheaper than what vendors ask for their larger models. */
const unknownPrice: Price = { input: 5, output: 25 };

/**
 * What to reserve for a call before it begins.
 *
 * @param call.price undefined where neither the configuration nor the vendor says what a call costs
 */
export function estimateOf(call: {
  promptBytes: number;
  purpose: Purpose;
  mode: Mode;
  price: Price | undefined;
}): Estimate {
  const steps = call.mode === 'edit' ? editSteps.usual : 1;
  const inputTokens = Math.ceil(tokensOf(call.promptBytes).most) * steps;
  const outputTokens = mostAnswerTokens[call.purpose];
  return {
    inputTokens,
    outputTokens,
    usd: dollars(call.price ?? unknownPrice, { inputTokens, outputTokens }),
  };
}
