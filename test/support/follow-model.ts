/** Asks a model in a process of its own, and prints the answer and what it cost in memory: `node follow-model.js CALLS REQUEST`. */
import { setTimeout as delay } from 'node:timers/promises';
import { CallError } from '../../src/models/errors.js';
import { callModel, type ModelAnswer, type ModelCall } from '../../src/models/model-call.js';

export interface FollowedModel {
  answer?: ModelAnswer;
  error?: Pick<CallError, 'kind' | 'message' | 'detail' | 'final' | 'retryInMs' | 'retryAfterMs' | 'resetAt'>;
  /** How much more memory the process had at its height than before, in bytes. */
  memoryGrowth: number;
}

const [calls = '', json = ''] = process.argv.slice(2);
const request = JSON.parse(json) as Omit<ModelCall, 'prompt'> & { prompt: string };

let height = process.memoryUsage.rss();
const before = height;
const watching = new AbortController();
const watch = (async () => {
  while (!watching.signal.aborted) {
    height = Math.max(height, process.memoryUsage.rss());
    await delay(5);
  }
})();

const followed: FollowedModel = { memoryGrowth: 0 };
try {
  followed.answer = await callModel(
    calls,
    { ...request, prompt: async () => request.prompt },
    { signal: new AbortController().signal },
  );
} catch (error) {
  if (!(error instanceof CallError)) throw error;
  const { kind, message, detail, final, retryInMs, retryAfterMs, resetAt } = error;
  followed.error = { kind, message, detail, final, retryInMs, retryAfterMs, resetAt };
}
watching.abort();
await watch;
followed.memoryGrowth = height - before;
process.stdout.write(JSON.stringify(followed));
