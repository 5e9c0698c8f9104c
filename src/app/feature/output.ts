/** What a feature's calls print, from their files: watching costs nothing and misses nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningCall } from '../../domain/calls/stored-call.js';
import {
  type CallLines,
  type CallText,
  callHasEnded,
  callNames,
  openCallText,
  type TextPosition,
} from '../../models/calls/store/call-text.js';
import type { FeatureRecord } from './record.js';

export type { CallLines, TextPosition };

export interface OutputOptions {
  /** Goes on from where one has read: `next` of the last part. */
  from?: TextPosition | undefined;
  /** Goes on with what comes, until the call has ended. */
  follow?: boolean | undefined;
  /** Ends the iteration. */
  signal?: AbortSignal | undefined;
}

export type OutputPart = Pick<CallLines, 'lines' | 'next' | 'failure' | 'ended'>;

/** What calls print from now on. */
export interface CallOutput {
  /** Reads what came. */
  read(): Promise<CallLines[]>;
  /** As of the last `read`. */
  running(): RunningCall[];
}

/** A person sees it as at once. */
const pollMs = 200;

/** What one call prints; nothing of one that is not there. */
export async function* callOutput(
  feature: FeatureRecord,
  call: string,
  { from, follow = false, signal }: OutputOptions = {},
): AsyncGenerator<OutputPart> {
  await feature.input();
  const text = openCallText(feature.calls, call, from);
  for (;;) {
    const came = await text.read();
    const ends = !follow || came?.ended === true || signal?.aborted === true;
    // One who goes away is given the beginning of a line too; whoever reads on from there is given the whole of it.
    const rest = ends && text.rest() !== '' ? [text.rest()] : [];
    if (came !== undefined) {
      const { next, failure, ended } = came;
      const lines = [...came.lines, ...rest];
      if (lines.length > 0 || failure !== undefined || ended) yield { lines, next, failure, ended };
    }
    if (ends) return;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** What all calls print that have not ended yet, and those that begin. */
export async function liveOutput({ calls }: Pick<FeatureRecord, 'calls'>): Promise<CallOutput> {
  const open = new Map<string, CallText>();
  const over = new Set<string>();
  for (const call of await callNames(calls)) if (await callHasEnded(calls, call)) over.add(call);
  return {
    async read() {
      const found: CallLines[] = [];
      for (const call of await callNames(calls)) {
        if (over.has(call)) continue;
        const text = open.get(call) ?? openCallText(calls, call);
        open.set(call, text);
        const came = await text.read();
        if (came === undefined) continue;
        if (came.lines.length > 0 || came.failure !== undefined || came.ended) found.push(came);
        if (!came.ended) continue;
        over.add(call);
        open.delete(call);
      }
      return found;
    },
    running: () => [...open.values()].flatMap((text) => text.running() ?? []),
  };
}
