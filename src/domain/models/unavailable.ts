/** Models that a feature leaves out for a while, because a call found out that they cannot be had. Pure. */

import { type ModelName, modelNames } from '../vocabulary.js';
import type { CallErrorKind } from './call-errors.js';

export type Absence =
  /** Until a person has put it right and resumes or retries. */
  | { kind: 'auth' | 'not-installed' }
  /** Until then, in milliseconds since 1970; `told` by the vendor, so that it can be waited for. */
  | { kind: 'quota'; until: number; told: boolean };

export type Absences = Partial<Record<ModelName, Absence>>;

/** Why a model is not taken for a call. */
export type LeftOut =
  | Absence
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
const untoldQuotaMs = 3_600_000;
/** A week and a day: vendors reset quotas within a week; a reset further off is a mistake of a clock. */
const longestQuotaMs = 8 * 24 * 3_600_000;
/** A reset that has passed already, and the quota is used up all the same: clocks differ by less. */
const shortestQuotaMs = 60_000;

/**
 * What follows for a model from a call that failed; undefined where its next call may do better.
 *
 * @param resetAt when the vendor says that the quota is there again, in milliseconds since 1970
 */
export function absenceAfter(
  kind: CallErrorKind,
  resetAt: number | undefined,
  now: number,
): Absence | undefined {
  if (kind === 'auth' || kind === 'not-installed') return { kind };
  if (kind !== 'quota') return undefined;
  if (resetAt === undefined) return { kind, until: now + untoldQuotaMs, told: false };
  const waitMs = Math.min(Math.max(resetAt - now, shortestQuotaMs), longestQuotaMs);
  return { kind, until: now + waitMs, told: true };
}

/**
 * The models that are not to be asked at a moment.
 *
 * @param waits whether a reset that the vendor has told is waited for, so that its model stays in the choice
 */
export function absentModels(absences: Absences, now: number, waits: boolean): PassedOver {
  const passed: PassedOver = {};
  for (const model of modelNames) {
    const absence = absences[model];
    if (absence !== undefined && !mayBeAsked(absence, now, waits)) passed[model] = absence;
  }
  return passed;
}

const mayBeAsked = (absence: Absence, now: number, waits: boolean): boolean =>
  absence.kind === 'quota' && (absence.until <= now || (waits && absence.told));

/** When a model's quota is there again; undefined where that is not known, or where it is not used up. */
export function resetOf(absences: Absences, model: ModelName, now: number): number | undefined {
  const absence = absences[model];
  return absence?.kind === 'quota' && absence.told && absence.until > now ? absence.until : undefined;
}

/** Whoever goes on may have logged in to a model, installed it or paid for it: each is asked again. */
export function forgetAbsences(absences: Absences): void {
  for (const model of modelNames) delete absences[model];
}

/** What was found out on top of what was known, or undefined. */
export function foundSince(known: Absences, absences: Absences): Absences | undefined {
  const found = modelNames.filter((model) => absences[model] !== known[model]);
  return found.length === 0 ? undefined : Object.fromEntries(found.map((model) => [model, absences[model]]));
}
