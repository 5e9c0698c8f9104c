/** `blueprint approve`, `reject`, `retry` and `skip`: a person decides, and the feature goes on. */

import { describeFeature } from '../../app/look.js';
import { Problem } from '../../domain/problem.js';
import { type GlobalOptions, openContext, requireFeature } from '../context.js';
import { type Move, moveOn } from '../move-on.js';
import { note } from '../output.js';

interface DecideOptions {
  message?: string;
  detach?: boolean;
}

export async function approve(
  global: GlobalOptions,
  name: string,
  gate: string | undefined,
  { message, detach }: DecideOptions,
): Promise<number> {
  return decide(global, {
    name,
    detach,
    async act(client) {
      const decided = await client.approve(name, {
        ...(gate === undefined ? {} : { gate }),
        ...(message === undefined ? {} : { message }),
      });
      note(`Approved: ${decided.gate} of ${name}`);
    },
  });
}

export async function reject(
  global: GlobalOptions,
  name: string,
  gate: string | undefined,
  { message = '', detach }: DecideOptions,
): Promise<number> {
  return decide(global, {
    name,
    detach,
    async act(client) {
      const decided = await client.reject(name, { message, ...(gate === undefined ? {} : { gate }) });
      const what = gate === 'spec' && decided.gate !== 'spec' ? 'spec' : decided.gate;
      note(`Rejected: ${what} of ${name}`);
    },
  });
}

export async function retry(
  global: GlobalOptions,
  name: string,
  task: string,
  { detach }: DecideOptions,
): Promise<number> {
  return decide(global, { name, detach, answeredByWorker: true, act: (client) => client.retry(name, task) });
}

export async function skip(
  global: GlobalOptions,
  name: string,
  task: string,
  { detach }: DecideOptions,
): Promise<number> {
  return decide(global, { name, detach, answeredByWorker: true, act: (client) => client.skip(name, task) });
}

/** Says what a person has decided to a feature that is not done, and follows it. */
export async function decide(global: GlobalOptions, move: Move): Promise<number> {
  const context = await openContext(global);
  await requireFeature(context.root, move.name);
  const { phase } = await describeFeature(context.root, move.name);
  if (phase === 'done')
    throw new Problem('feature-done', `${move.name} is done; nothing of it waits for a decision.`);
  return moveOn(context, move);
}
