/** What the scripts print: what happens to a feature, until it is done or waits for a person. */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventLines } from '../../present/journal-lines.js';
import type { BlueprintClient } from '../types.js';

/** A worker that has just been started hears within a second what was decided before; this is for a busy machine. */
const quietMs = 5_000;
const pollMs = 200;

/** @returns whether it is done */
export async function printUntilSettled(client: BlueprintClient, name: string): Promise<boolean> {
  const directory = `.blueprint/features/${name}`;
  for await (const { entry, view } of client.follow(name, new AbortController().signal)) {
    for (const line of eventLines(entry, { feature: name, directory, view })) console.log(line);
    // The journal is told from its beginning: what it waited for once may be long decided.
    const settled = view.phase === 'done' || view.phase === 'failed' || view.waiting !== undefined;
    if (settled && (await staysSettled(client, name))) break;
  }
  return (await client.describe(name)).phase === 'done';
}

async function staysSettled(client: BlueprintClient, name: string): Promise<boolean> {
  for (const until = Date.now() + quietMs; Date.now() < until; await sleep(pollMs)) {
    const { phase, waiting } = await client.describe(name);
    if (phase === 'done') return true;
    if (phase !== 'failed' && waiting === undefined) return false;
  }
  return true;
}
