/** Counts a feature's calls to models, from what the call store has on disk. */
import { type CallSummary, listCalls } from './list.js';

export interface CallCounts {
  /** Processes of models that were started. */
  made: number;
  /** Running calls that were taken over from a lost worker. */
  adopted: number;
  /** Finished answers that were found and not asked for again. */
  reused: number;
  /** Tries that were made because the one before was lost with its machine: paid for again. */
  repeated: number;
}

/** @returns zeros where there is no such directory */
export async function countCalls(callsDirectory: string): Promise<CallCounts> {
  const calls = (await listCalls(callsDirectory)).filter((call) => call.about.kind === 'model');
  const total = (count: (call: CallSummary) => number): number =>
    calls.reduce((sum, call) => sum + count(call), 0);
  return {
    made: total((call) => call.sources.made),
    adopted: total((call) => call.sources.adopted),
    reused: total((call) => call.sources.reused),
    repeated: total(repeatedTries),
  };
}

const repeatedTries = ({ tries }: CallSummary): number =>
  tries.filter((one, index) => one.startedAt !== undefined && tries[index - 1]?.lost === true).length;
