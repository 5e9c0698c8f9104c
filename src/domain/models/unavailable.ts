/** Models that a feature leaves out for a while, because a call found out that they cannot be had. Pure. */

import { type ModelName, modelNames } from '../vocabulary.js';
import type { CallErrorKind } from './call-errors.js';

export type Absence =
  /** Until a person has put it right and resumes or retries. */
  | { kind: 'auth' | 'not-installed' }
  /** Until then, in milliseconds since 1970; `told` by the vendor, so that it can be waited for. */
  | { kind: 'quota'; until: number; told: boolean };

export type Absences = Partial<Record<ModelName, Absence>>;

/** Why models are passed over, each as what follows its name in a sentence: `is not logged in`. */
export type PassedOver = Partial<Record<ModelName, string>>;

/** The models that the preparation did not find, and why. */
export const missingModels = (
  missing: readonly { model: ModelName; problem: string }[] | undefined,
): PassedOver =>
  Object.fromEntries((missing ?? []).map(({ model, problem }) => [model, `is not available (${problem})`]));

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
    const why = absence === undefined ? undefined : whyAbsent(absence, now, waits);
    if (why !== undefined) passed[model] = why;
  }
  return passed;
}

function whyAbsent(absence: Absence, now: number, waits: boolean): string | undefined {
  if (absence.kind === 'quota') {
    if (absence.until <= now || (waits && absence.told)) return undefined;
    const moment = momentText(absence.until);
    return absence.told
      ? `has no quota left until ${moment}`
      : `has no quota left, and is asked again at ${moment}`;
  }
  return absence.kind === 'auth' ? 'is not logged in' : 'is not installed';
}

/**
 * A moment as a person reads it, the same in every place that a workflow runs in.
 *
 * @param at in milliseconds since 1970
 */
export const momentText = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

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
