/** Models that a feature leaves out for a while, because a call found out that they cannot be had. Pure. */

import { type ModelName, modelNames } from '../vocabulary.js';
import type { CallErrorKind } from './call-errors.js';

export type Unavailable =
  /** Until a person has put it right and resumes or retries. */
  | { kind: 'auth' | 'not-installed' }
  /** Until then, in milliseconds since 1970; `reported`: the vendor says so, so that it can be waited for. */
  | { kind: 'quota'; until: number; reported: boolean };

export type UnavailableModels = Partial<Record<ModelName, Unavailable>>;

/** Why a model is not taken for a call. */
export type LeftOut =
  | Unavailable
  /** `problem`: what its probe said; absent where nobody asked. */
  | { kind: 'not-available'; problem?: string | undefined }
  /** It failed in this very call. */
  | { kind: 'failed'; error: CallErrorKind }
  | { kind: 'too-long'; chars: number; most: number; unit: 'characters' | 'bytes' };

/** The models that are passed over, and why. */
export type PassedOver = Partial<Record<ModelName, LeftOut>>;

/** The models that the preparation did not find, and why. */
export const missingModels = (
  missing: readonly { model: ModelName; problem: string }[] | undefined,
): PassedOver =>
  Object.fromEntries(
    (missing ?? []).map(({ model, problem }) => [model, { kind: 'not-available', problem }]),
  );

/** A vendor that does not say when a quota is filled again is asked once an hour: that costs a call that fails. */
const unreportedQuotaMs = 3_600_000;
/** A week and a day: vendors reset quotas within a week; a reset further off is a mistake of a clock. */
const longestQuotaMs = 8 * 24 * 3_600_000;
/** A reset that has passed already, and the quota is used up all the same: clocks differ by less. */
const shortestQuotaMs = 60_000;

/**
 * What follows for a model from a call that failed; undefined where its next call may do better.
 *
 * @param resetAt when the vendor says that the quota is there again, in milliseconds since 1970
 */
export function unavailableAfter(
  kind: CallErrorKind,
  resetAt: number | undefined,
  now: number,
): Unavailable | undefined {
  if (kind === 'auth' || kind === 'not-installed') return { kind };
  if (kind !== 'quota') return undefined;
  if (resetAt === undefined) return { kind, until: now + unreportedQuotaMs, reported: false };
  const waitMs = Math.min(Math.max(resetAt - now, shortestQuotaMs), longestQuotaMs);
  return { kind, until: now + waitMs, reported: true };
}

/**
 * The models that are not to be asked at a moment.
 *
 * @param waits whether a reset that the vendor has reported is waited for, so that its model stays in the choice
 */
export function unavailableAt(unavailable: UnavailableModels, now: number, waits: boolean): PassedOver {
  const passed: PassedOver = {};
  for (const model of modelNames) {
    const found = unavailable[model];
    if (found !== undefined && !mayBeAsked(found, now, waits)) passed[model] = found;
  }
  return passed;
}

const mayBeAsked = (found: Unavailable, now: number, waits: boolean): boolean =>
  found.kind === 'quota' && (found.until <= now || (waits && found.reported));

/** When a model's quota is there again; undefined where that is not known, or where it is not used up. */
export function resetOf(unavailable: UnavailableModels, model: ModelName, now: number): number | undefined {
  const found = unavailable[model];
  return found?.kind === 'quota' && found.reported && found.until > now ? found.until : undefined;
}

/** Whoever goes on may have logged in to a model, installed it or paid for it: each is asked again. */
export function clearUnavailable(unavailable: UnavailableModels): void {
  for (const model of modelNames) delete unavailable[model];
}

/** What was found out on top of what was known, or undefined. */
export function foundSince(
  known: UnavailableModels,
  unavailable: UnavailableModels,
): UnavailableModels | undefined {
  const found = modelNames.filter((model) => unavailable[model] !== known[model]);
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map((model) => [model, unavailable[model]]));
}
