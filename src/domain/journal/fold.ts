/** A journal taken in entry by entry, as it is read: which entries count, and where the feature stands. Pure. */

import type { JournalEntry } from './entries.js';
import { applyEntry, emptyView, type FeatureView, featureView } from './view.js';

/** What happens to a feature: an entry of its journal, and where the feature stands with it. */
export interface FeatureEvent {
  /** The entry's number in the feature's journal, from 1: whoever has read so far reads on after it. */
  number: number;
  entry: JournalEntry;
  view: FeatureView;
}

export interface JournalFold {
  /**
   * Takes one more entry in.
   *
   * @param number its number in the journal
   * @returns whether it says anything new. What a kill had written again does not; of what came out otherwise then,
   *   the last counts, in the first one's place
   */
  take(number: number, entry: JournalEntry): boolean;
  /**
   * Those that count, in order.
   *
   * @param after only those that were written after the entry of this number; all by default
   */
  entries(after?: number): JournalEntry[];
  view(): FeatureView;
}

export function createFold(): JournalFold {
  const counted = new Map<string, { number: number; entry: JournalEntry }>();
  let view = emptyView();
  const entries = (after: number) =>
    [...counted.values()].flatMap(({ number, entry }) => (number > after ? [entry] : []));
  return {
    take(number, entry) {
      const key = `${entry.workflow}\n${entry.run}\n${entry.seq}`;
      const before = counted.get(key);
      if (before !== undefined && contentOf(before.entry) === contentOf(entry)) return false;
      counted.set(key, { number, entry });
      if (before === undefined) applyEntry(view, entry);
      else view = featureView(entries(0));
      return true;
    },
    entries: (after = 0) => entries(after),
    view: () => view,
  };
}

/** Written again, an entry has the time of the second writing. */
const contentOf = (entry: JournalEntry): string => JSON.stringify({ ...entry, at: 0 });
