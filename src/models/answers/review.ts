/** A review, or the comparison of two drafts, from the reviewer's answer: read leniently, validated strictly. */
import {
  type Comparison,
  comparisonSchema,
  type Review,
  reviewSchema,
} from '../../domain/tasks/review-schema.js';
import { findJson, isRecord } from './json.js';

export type ParsedReview = { ok: true; review: Review } | { ok: false; problem: string };
export type ParsedComparison = { ok: true; comparison: Comparison } | { ok: false; problem: string };

/**
 * Reads a review. A verdict as a word, missing feedback, and corrections that are objects are forgiven; a review
 * that rejects must say why.
 *
 * @returns the review, or a sentence for the model that is asked again and for a person
 */
export function parseReview(text: string): ParsedReview {
  const wanted = 'an object with `approved`, `feedback` and `corrections`';
  const found = findJson(text, (value) => isRecord(value) && 'approved' in value, wanted);
  if (!found.ok) return found;
  const raw = isRecord(found.value) ? found.value : {};
  const approved = verdict(raw.approved);
  if (approved === undefined)
    return { ok: false, problem: 'The review’s `approved` is neither true nor false.' };
  const corrections = list(raw.corrections).map(correction);
  const parsed = reviewSchema.safeParse({
    approved,
    feedback: raw.feedback ?? '',
    corrections: corrections.filter((point) => point !== ''),
  });
  if (!parsed.success) return { ok: false, problem: invalid('review', parsed.error.issues[0]) };
  const { data } = parsed;
  if (!data.approved && data.corrections.length === 0 && data.feedback.trim() === '')
    return { ok: false, problem: 'The review rejects and says neither why nor what to change.' };
  return { ok: true, review: data };
}

/**
 * Reads a comparison.
 *
 * @param labels the drafts that were compared; one of them must be selected, in any case of its letters
 * @returns the comparison, or a sentence for the model that is asked again and for a person
 */
export function parseComparison(text: string, labels: readonly string[]): ParsedComparison {
  const wanted = 'an object with `selected` and `reasoning`';
  const found = findJson(text, (value) => isRecord(value) && 'selected' in value, wanted);
  if (!found.ok) return found;
  const raw = isRecord(found.value) ? found.value : {};
  const given = typeof raw.selected === 'string' ? raw.selected.trim().toLowerCase() : undefined;
  const selected = labels.find((label) => label.toLowerCase() === given);
  if (selected === undefined)
    return {
      ok: false,
      problem: `The comparison selects ${JSON.stringify(raw.selected) ?? 'nothing'}; select one of ${labels.join(', ')}.`,
    };
  const parsed = comparisonSchema.safeParse({ selected, reasoning: raw.reasoning ?? '' });
  if (!parsed.success) return { ok: false, problem: invalid('comparison', parsed.error.issues[0]) };
  return { ok: true, comparison: parsed.data };
}

const words: Readonly<Record<string, boolean>> = { true: true, yes: true, false: false, no: false };

function verdict(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? words[value.trim().toLowerCase()] : undefined;
}

function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A correction given as an object, such as `{file, line, problem}`, is told in one line, nothing of it lost. */
function correction(value: unknown): unknown {
  if (typeof value === 'string') return value.trim();
  if (!isRecord(value)) return value;
  return Object.entries(value)
    .filter(([, part]) => part !== null && part !== '')
    .map(([key, part]) => `${key}: ${typeof part === 'string' ? part : JSON.stringify(part)}`)
    .join('; ');
}

function invalid(what: string, issue: { path: PropertyKey[]; message: string } | undefined): string {
  const place = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  return `The ${what} is not valid: ${place}${issue?.message ?? 'unknown'}.`;
}
