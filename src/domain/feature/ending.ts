/** When a feature stands still, so that whoever follows it has seen enough. Pure. */
import type { JournalEntry } from '../journal/entries.js';
import type { FeatureView } from '../journal/view.js';

export type Ending = 'done' | 'failed' | 'waiting' | 'stopped';

/** How the feature stands still after an entry that came just now; undefined while it goes on. */
export function endingAfter(entry: JournalEntry, view: FeatureView): Ending | undefined {
  switch (entry.kind) {
    case 'phase':
      return entry.phase === 'done' || entry.phase === 'failed' ? entry.phase : undefined;
    case 'waiting':
      return 'waiting';
    // A decision that came too late changes nothing, nor does a budget that held nothing back.
    case 'ignored':
    case 'budget':
      return endingOf(view);
    case 'stopped':
    case 'task':
      return view.stopped && !isAnyRunning(view) ? 'stopped' : undefined;
    default:
      return undefined;
  }
}

/** How a feature stands still, by its journal alone: a decision that no worker has seen yet is not in it. */
export function endingOf(view: FeatureView): Ending | undefined {
  if (view.phase === 'done' || view.phase === 'failed') return view.phase;
  if (view.stopped) return isAnyRunning(view) ? undefined : 'stopped';
  return view.waiting === undefined ? undefined : 'waiting';
}

const isAnyRunning = (view: FeatureView): boolean => view.tasks.some((task) => task.state === 'running');
