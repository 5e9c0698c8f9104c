/** What the scripts print: what happens to a feature, until it is done or waits for a person. */
import { setTimeout as sleep } from 'node:timers/promises';
import { endingOf, type Feature, type JournalEntry } from '../index.js';

/** A worker that has just been started hears within a second what was decided before; this is for a busy machine. */
const quietMs = 5_000;
const pollMs = 200;

/** @returns whether it is done */
export async function printUntilSettled(feature: Feature): Promise<boolean> {
  for await (const { entry, view } of feature.events({ signal: new AbortController().signal })) {
    console.log(lineOf(entry));
    // The journal is read from its beginning: what it waited for once may be long decided.
    if (endingOf(view) !== undefined && (await staysSettled(feature))) break;
  }
  const { phase } = await feature.status();
  console.log(`Feature ${phase}: ${feature.name}`);
  return phase === 'done';
}

function lineOf(entry: JournalEntry): string {
  const about = 'task' in entry && entry.task !== undefined ? [entry.task] : [];
  const what = entry.kind === 'phase' ? [entry.phase] : entry.kind === 'task' ? [entry.state] : [];
  return [entry.kind, ...about, ...what].join(' ');
}

async function staysSettled(feature: Feature): Promise<boolean> {
  for (const until = Date.now() + quietMs; Date.now() < until; await sleep(pollMs)) {
    const { phase, waiting, stopped } = await feature.status();
    if (phase === 'done') return true;
    if (phase !== 'failed' && waiting === undefined && !stopped) return false;
  }
  return true;
}
