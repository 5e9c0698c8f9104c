/** Counts a feature's calls to models, from what the call store has on disk. */
import type { CallCounts, StoredCall } from '../../../domain/calls/stored-call.js';
import { listCalls } from './list.js';

/** @returns zeros where there is no such directory */
export async function countCalls(callsDirectory: string): Promise<CallCounts> {
  const calls = (await listCalls(callsDirectory)).filter((call) => call.about.kind === 'model');
  const total = (count: (call: StoredCall) => number): number =>
    calls.reduce((sum, call) => sum + count(call), 0);
  return {
    made: total((call) => call.sources.made),
    adopted: total((call) => call.sources.adopted),
    reused: total((call) => call.sources.reused),
    repeated: total(repeatedTries),
  };
}

const repeatedTries = ({ tries }: StoredCall): number =>
  tries.filter((one, index) => one.startedAt !== undefined && tries[index - 1]?.lost === true).length;
