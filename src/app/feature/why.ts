/** Why a feature does not move, as one answer: what it waits for, since when, until when, and what a person can do. */
import { type Action, actionsFor } from '../../domain/feature/actions.js';
import type { JournalEntry } from '../../domain/journal/entries.js';
import type { Reason } from '../../domain/reasons.js';
import type { FeatureRecord } from './record.js';
import { describeFeature } from './status.js';

export interface Why {
  /** `moving`: it goes on by itself where a worker runs, also while it waits for a model until `until`. */
  state: 'moving' | 'waiting' | 'stopped' | 'failed' | 'done';
  /** Of each open gate, of the whole where nothing can move, or of the model that it waits for. */
  reasons: Reason[];
  /** Milliseconds since 1970. Absent where it waits for nothing. */
  since?: number | undefined;
  /** When it goes on by itself, in milliseconds since 1970; absent where only a person moves it. */
  until?: number | undefined;
  /** The most likely first. */
  actions: Action[];
}

/** @throws Problem when there is no such feature */
export async function whyOf(feature: FeatureRecord, now = Date.now()): Promise<Why> {
  const status = await describeFeature(feature);
  const entries = (await feature.journal()).entries();
  const actions = actionsFor(status);
  const { phase, stopped, waiting, failure, gates } = status;
  const sinceLast = (is: (entry: JournalEntry) => boolean) => entries.findLast(is)?.at;
  if (phase === 'done') return { state: 'done', reasons: [], actions };
  if (phase === 'failed')
    return {
      state: 'failed',
      reasons: failure === undefined ? [] : [failure],
      since: sinceLast((entry) => entry.kind === 'phase'),
      actions,
    };
  if (stopped)
    return { state: 'stopped', reasons: [], since: sinceLast(({ kind }) => kind === 'stopped'), actions };
  if (waiting !== undefined) {
    const reasons = gates.length === 0 ? [waiting] : gates.map(({ reason }) => reason);
    return { state: 'waiting', reasons, since: sinceLast(({ kind }) => kind === 'waiting'), actions };
  }
  return { state: 'moving', ...modelWait(entries, now), actions };
}

/** A model whose quota is used up, where the wait for it is not over. */
function modelWait(entries: readonly JournalEntry[], now: number): Pick<Why, 'reasons' | 'since' | 'until'> {
  for (const entry of [...entries].reverse()) {
    if (entry.kind !== 'warning' || entry.reason.code !== 'quota-wait') continue;
    const { until } = entry.reason.params;
    if (until > now) return { reasons: [entry.reason], since: entry.at, until };
  }
  return { reasons: [] };
}
