/** What the scripted model's ledger says of a run: how many calls were made, and whether one was made again. Pure. */
import { parseCallName } from '../../models/calls/store/key.js';
import type { LedgerEntry } from '../../models/scripted/ledger.js';

export interface CallAccount {
  made: number;
  /** Names of the calls that were started or ended more than once. */
  repeated: string[];
  /** Calls that were started and have not ended. */
  running: LedgerEntry[];
}

/**
 * Counts strictly: a call's name and number may be started once, whatever it was told. So it suits scripts in which
 * no call fails and no answer is asked for again.
 */
export function accountOf(entries: readonly LedgerEntry[]): CallAccount {
  const names = [...new Set(entries.map(nameOf))];
  const times = (name: string, event: LedgerEntry['event']) =>
    entries.filter((entry) => entry.event === event && nameOf(entry) === name).length;
  return {
    made: names.length,
    repeated: names.filter((name) => times(name, 'start') > 1 || times(name, 'end') > 1),
    running: entries.filter((entry) => entry.event === 'start' && times(nameOf(entry), 'end') === 0),
  };
}

/** `T003-review.2` of `T003-review.2-1f0c9a3e`. */
function nameOf({ call }: LedgerEntry): string {
  const parsed = parseCallName(call);
  return parsed === undefined ? call : `${parsed.name}.${parsed.round}`;
}
