/** What the scripts print: what happens to a feature, until it is done or waits for a person. */
import { eventLines } from '../../domain/messages.js';
import type { BlueprintClient } from '../types.js';

/** @returns whether it is done */
export async function printUntilSettled(client: BlueprintClient, name: string): Promise<boolean> {
  const directory = `.blueprint/features/${name}`;
  for await (const { entry, view } of client.follow(name, new AbortController().signal)) {
    for (const line of eventLines(entry, { feature: name, directory, view })) console.log(line);
    const settled = view.waiting !== undefined || ['done', 'failed'].includes(view.phase ?? '');
    // The journal is told from its beginning: what it waited for once may be long decided.
    if (settled && (await isSettled(client, name))) break;
  }
  return (await client.describe(name)).phase === 'done';
}

async function isSettled(client: BlueprintClient, name: string): Promise<boolean> {
  const { phase, waiting } = await client.describe(name);
  return waiting !== undefined || ['done', 'failed'].includes(phase);
}
