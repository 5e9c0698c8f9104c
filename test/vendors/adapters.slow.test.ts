/** The real commands against the double: what an answer becomes, and what every failure becomes. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CallErrorKind } from '../../src/domain/models/call-errors.js';
import type { ModelName } from '../../src/domain/vocabulary.js';
import { stopCalls } from '../../src/models/calls/store/stop.js';
import { callModel } from '../../src/models/model-call.js';
import type { SeenRequest } from '../doubles/record.js';
import type { Scenario } from '../doubles/scenario.js';
import { printed, until } from '../support/calls.js';
import type { FollowedModel } from '../support/follow-model.js';
import { answerOf, ask, askElsewhere, processesOfCall, vendorCall } from '../support/vendor-call.js';
import { installingMs } from '../support/vendor-commands.js';
import {
  madeUpKeys,
  type VendorDouble,
  type VendorWorld,
  vendorDouble,
  vendorWorld,
} from '../support/vendor-double.js';

const keys = {
  claude: { 'x-api-key': madeUpKeys.ANTHROPIC_API_KEY },
  codex: { authorization: `Bearer ${madeUpKeys.CODEX_API_KEY}` },
  gemini: { 'x-goog-api-key': madeUpKeys.GEMINI_API_KEY },
  deepseek: { authorization: `Bearer ${madeUpKeys.DEEPSEEK_API_KEY}` },
};
type Vendor = keyof typeof keys;
const vendors = Object.keys(keys) as Vendor[];
const commands = ['claude', 'codex', 'gemini'] as const;

const review = { approved: false, feedback: 'A letter is missing.', corrections: ['Write hello.'] };

/** What the double does, and the failure that it becomes; by model where one differs. */
const failures: {
  name: string;
  answer: Scenario[number]['answers'][number];
  kind: CallErrorKind;
  only?: Vendor[];
}[] = [
  { name: 'a wrong key', answer: { fail: 401 }, kind: 'auth' },
  { name: 'no permission', answer: { fail: 403 }, kind: 'auth' },
  { name: 'a rate limit', answer: { fail: 429 }, kind: 'rate-limit' },
  { name: 'an internal error', answer: { fail: 500 }, kind: 'overloaded' },
  { name: 'an overloaded server', answer: { fail: 503 }, kind: 'overloaded' },
  { name: 'an overloaded model', answer: { fail: 529 }, kind: 'overloaded', only: ['claude'] },
  { name: 'an empty account', answer: { fail: 402 }, kind: 'quota', only: ['deepseek'] },
  { name: 'a quota that is used up', answer: { fail: 'quota' }, kind: 'quota' },
  { name: 'a prompt that is too long', answer: { fail: 'too-long' }, kind: 'context-too-long' },
  { name: 'a dropped connection', answer: { fail: 'drop' }, kind: 'network' },
  { name: 'a stream that breaks off', answer: { fail: 'truncated' }, kind: 'network' },
  { name: 'an error in the stream', answer: { fail: 'stream-error' }, kind: 'overloaded' },
  { name: 'a refusal', answer: { fail: 'refused' }, kind: 'refused' },
  // Gemini's command says nothing of it.
  {
    name: 'an answer that is cut',
    answer: { text: 'Half of', cut: true },
    kind: 'bad-output',
    only: ['claude', 'codex', 'deepseek'],
  },
  { name: 'an empty answer', answer: { text: '' }, kind: 'bad-output' },
];
const signals = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;

const failureTask = (index: number): string => `F${index}`;

let double: VendorDouble;
let world: VendorWorld;
beforeAll(async () => {
  double = await vendorDouble([
    {
      match: { task: 'text' },
      answers: [{ text: 'Grüße aus der Ferne.\n', usage: { input: 20, cached: 5, output: 9 } }],
    },
    { match: { task: 'json' }, answers: [{ json: review }] },
    { match: { task: 'slow-down' }, answers: [{ fail: 429, retryAfterSeconds: 3 }] },
    { match: { task: 'tomorrow' }, answers: [{ fail: 'quota', resetInSeconds: 7_200 }] },
    ...['stop', ...signals].map((task) => ({ match: { task }, answers: [{ fail: 'hang' as const }] })),
    ...failures.map(({ answer }, index) => ({ match: { task: failureTask(index) }, answers: [answer] })),
  ]);
  world = await vendorWorld(double.url);
}, installingMs);
afterAll(() => double?.close());

/** What the double was asked for a call of a model. */
const askedOf = async (model: ModelName, task: string): Promise<SeenRequest[]> =>
  (await double.asked()).filter(({ fields }) => fields.model === model && fields.task === task);

const errorOf = ({ error, answer }: FollowedModel) => {
  if (error === undefined) throw new Error(`The call succeeded: ${JSON.stringify(answer)}`);
  return error;
};

describe.each(vendors)('%s', (model) => {
  const asking = (task: string) => vendorCall(world, model, task);

  test.concurrent('answers in text, with what it used, for one request with its own key', async () => {
    const answered = await ask(await asking('text'));
    expect((await answerOf(answered)).trim()).toBe('Grüße aus der Ferne.');
    expect(answered.answer?.usage).toMatchObject({ inputTokens: 20, cachedInputTokens: 5, outputTokens: 9 });
    expect(await askedOf(model, 'text')).toMatchObject([{ turn: 0, keys: keys[model] }]);
  });

  test.concurrent('answers under a schema', async () => {
    const call = await vendorCall(world, model, 'json', {
      purpose: 'review',
      role: 'reviewer',
      schema: 'review',
    });
    const answered = await ask(call);
    expect(JSON.parse(await answerOf(answered))).toEqual(review);
    expect((await askedOf(model, 'json')).filter(({ turn }) => turn === 0)).toHaveLength(1);
  });

  const cases = failures
    .map((failure, index) => ({
      ...failure,
      task: failureTask(index),
    }))
    .filter(({ only }) => only === undefined || only.includes(model));
  test.concurrent.each(cases)('$name is told as $kind', async ({ task, kind }) => {
    const error = errorOf(await ask(await asking(task)));
    expect(`${error.kind}: ${error.message}`).toMatch(new RegExp(`^${kind}: .`));
    expect(JSON.stringify(error)).not.toContain('made-up');
  });
});

test('DeepSeek’s own delay is kept', async () => {
  const error = errorOf(await ask(await vendorCall(world, 'deepseek', 'slow-down')));
  expect(error).toMatchObject({ kind: 'rate-limit', retryAfterMs: 3_000 });
});

test('the reset of Codex’s quota is kept, to the minute', async () => {
  const error = errorOf(await ask(await vendorCall(world, 'codex', 'tomorrow')));
  expect(error.kind).toBe('quota');
  // Its message has a time of day without seconds.
  expect(Math.abs((error.resetAt ?? 0) - (Date.now() + 7_200_000))).toBeLessThan(90_000);
});

test('the reset of a Claude subscription’s hours is kept', async () => {
  const { ANTHROPIC_API_KEY: _, ...rest } = world.environment;
  const loggedIn = { ...rest, CLAUDE_CODE_OAUTH_TOKEN: madeUpKeys.ANTHROPIC_API_KEY };
  const call = await vendorCall({ ...world, environment: loggedIn }, 'claude', 'tomorrow');
  const error = errorOf(await ask(call));
  expect(error.kind).toBe('quota');
  expect(Math.abs((error.resetAt ?? 0) - (Date.now() + 7_200_000))).toBeLessThan(60_000);
});

describe.each(commands)('%s that hangs', (model) => {
  /** A call in its middle: the double has its request, and will not answer. */
  async function hanging(task: string) {
    const call = await vendorCall(world, model, task);
    const asked = askElsewhere(call);
    await until(async () => (await askedOf(model, task)).length > 0, 'the request');
    return { call, followed: printed<FollowedModel>(asked) };
  }

  test.concurrent('is stopped, and leaves no process', async () => {
    const { call, followed } = await hanging('stop');
    await stopCalls(call.calls, call.request.call);
    expect(await processesOfCall(call)).toEqual([]);
    expect(errorOf(await followed)).toMatchObject({ kind: 'cancelled', final: true });
  });

  test.concurrent.each(signals)(
    'and gets %s has failed, whatever its exit status, and leaves no process',
    async (signal) => {
      const { call, followed } = await hanging(signal);
      process.kill(await commandOf(call), signal);
      expect(errorOf(await followed)).toMatchObject({ kind: 'crashed' });
      expect(await processesOfCall(call)).toEqual([]);
    },
  );
});

describe.each(commands)('%s and a prompt of', (model) => {
  test.each([8_000_000, 12_000_000])('%d bytes: it is sent whole, or not at all', async (bytes) => {
    const call = await vendorCall(world, model, 'text', {
      call: { name: `long-${bytes}`, round: 1, inputs: { v: 1 } },
    });
    const before = (await askedOf(model, 'text')).length;
    Object.assign(process.env, call.environment);
    const prompt = async () => 'word '.repeat(bytes / 5);
    const asked = callModel(
      call.calls,
      { ...call.request, prompt },
      { signal: new AbortController().signal },
    );
    const failed = await asked.then(
      () => undefined,
      (error: unknown) => error,
    );
    const [request] = (await askedOf(model, 'text')).slice(before);
    if (failed !== undefined) expect(failed).toMatchObject({ kind: 'context-too-long' });
    expect({ failed: failed !== undefined, whole: (request?.bodyBytes ?? 0) > bytes }).toEqual({
      failed: request === undefined,
      whole: request !== undefined,
    });
  });
});

/** The vendor's command itself: the child of the wrapper that is no part of the wrapper. */
async function commandOf(call: Parameters<typeof processesOfCall>[0]): Promise<number> {
  const processes = await processesOfCall(call);
  const wrappers = processes.filter(({ line }) => line.includes('blueprint-call')).map(({ pid }) => pid);
  const command = processes.find(
    ({ pid, parent, line }) => wrappers.includes(parent) && !wrappers.includes(pid) && line[0] !== 'sleep',
  );
  if (command === undefined) throw new Error(`No command: ${JSON.stringify(processes)}`);
  return command.pid;
}
