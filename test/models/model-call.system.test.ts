/** Asking a model, with the scripted one: what is an answer, and what is none. */
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import type { ModelCall } from '../../src/models/model-call.js';
import { readLedger } from '../../src/models/scripted/ledger.js';
import type { FollowedModel } from '../support/follow-model.js';
import { testFolder, transpiledCode } from '../support/source-process.js';

type Request = Omit<ModelCall, 'prompt'> & { prompt: string };
type Step = Record<string, unknown>;

/** A call whose script knows these steps. */
async function scripted(
  steps: Step[],
  request: Partial<Request> = {},
): Promise<{ calls: string; request: Request }> {
  const folder = await mkdtemp(join(testFolder(), 'model-'));
  const script = join(folder, 'script.json');
  await writeFile(
    script,
    JSON.stringify({ answers: [{ match: { purpose: 'draft', task: 'T002' }, answers: steps }] }),
  );
  return {
    calls: join(folder, 'calls'),
    request: {
      call: { name: 'T002-draft', round: 1, inputs: { v: 1, prompt: 1 } },
      purpose: 'draft',
      role: 'coder',
      task: 'T002',
      model: 'deepseek',
      mode: 'text',
      settings: { args: [], env: {} },
      script,
      ledger: join(folder, 'ledger.jsonl'),
      cwd: folder,
      prompt: 'Write it.',
      limits: { totalSeconds: 60, inactivitySeconds: 60, graceSeconds: 1, tries: 3 },
      pass: [],
      ...request,
    },
  };
}

/** In a process of its own: there our sources run as they are built. */
async function ask({ calls, request }: { calls: string; request: Request }): Promise<FollowedModel> {
  const script = join(transpiledCode(), 'test', 'support', 'follow-model.js');
  const { stdout } = await execa(process.execPath, [script, calls, JSON.stringify(request)]);
  return JSON.parse(stdout) as FollowedModel;
}

test('an answer is a file, its hash, and what it used; the prompt says first which call it is', async () => {
  const call = await scripted([{ answer: 'Grüße\n', chunkBytes: 2, chunkDelayMs: 1 }]);

  const { answer } = await ask(call);

  expect(answer).toMatchObject({ source: 'made', tryNumber: 1, usage: { outputTokens: 2 } });
  expect(answer?.call).toMatch(/^T002-draft\.1-[0-9a-f]{8}$/);
  const text = await readFile(answer?.answer.path ?? '');
  expect(text.toString()).toBe('Grüße\n');
  expect(answer?.answer).toMatchObject({
    sha256: createHash('sha256').update(text).digest('hex'),
    bytes: text.length,
  });
  const directory = dirname(dirname(answer?.answer.path ?? ''));
  expect(await readFile(join(directory, 'prompt.md'), 'utf8')).toBe(
    'Blueprint-Call: purpose=draft role=coder task=T002 round=1 model=deepseek\n\nWrite it.',
  );
  expect(JSON.parse(await readFile(join(directory, 'launch.json'), 'utf8')).about).toEqual({
    kind: 'model',
    purpose: 'draft',
    role: 'coder',
    task: 'T002',
    model: 'deepseek',
  });
  expect(await readdir(join(directory, '1'))).toEqual(
    expect.not.arrayContaining([expect.stringMatching(/^\.answer/)]),
  );
});

test('a finished call is not made again, by whichever process', async () => {
  const call = await scripted([{ answer: 'first' }, { answer: 'second' }]);
  const first = await ask(call);
  const again = await ask(call);
  expect(again.answer).toMatchObject({ source: 'reused', answer: first.answer?.answer });
  expect(readLedger(call.request.ledger).map(({ event }) => event)).toEqual(['start', 'end']);
});

test('successive answers: first overloaded, then fine', async () => {
  const call = await scripted([{ error: { kind: 'overloaded', retryAfterMs: 0 } }, { answer: 'fine' }]);
  expect((await ask(call)).answer).toMatchObject({ tryNumber: 2, source: 'made' });
});

test('an error that asks for time is thrown with it', async () => {
  const call = await scripted([{ error: { kind: 'rate-limit', message: 'Slowly.', retryAfterMs: 60_000 } }]);
  const { error } = await ask(call);
  expect(error).toMatchObject({ kind: 'rate-limit', message: 'Slowly.', final: false });
  expect(error?.retryInMs).toBeGreaterThan(50_000);
});

test('a network that is away uses up no tries; one that breaks off an answer does', async () => {
  const away: Step = { error: { kind: 'network', retryAfterMs: 0 } };
  const call = await scripted([away, away, away, away, { answer: 'back' }]);
  expect(call.request.limits.tries).toBe(3);
  expect((await ask(call)).answer).toMatchObject({ tryNumber: 5 });

  const breaking = join(dirname(call.calls), 'breaks-off');
  const lines = [
    '{"type":"text","text":"half"}',
    '{"type":"error","kind":"network","message":"Reset.","retryAfterMs":0}',
  ];
  await writeFile(breaking, `#!/bin/sh\nprintf '%s\\n' '${lines.join("' '")}'\nexit 1\n`, { mode: 0o755 });
  const other = await scripted([], { script: breaking });
  expect((await ask(other)).error).toMatchObject({
    kind: 'network',
    message: 'Reset. (3 tries)',
    final: true,
  });
});

describe('no answer', () => {
  const cases: [string, Step, { kind: string; message: string }][] = [
    [
      'prints nothing',
      { noResult: true },
      { kind: 'bad-output', message: 'Deepseek ended without an answer' },
    ],
    [
      'exits 0 without the final event',
      { answer: 'half', noResult: true },
      { kind: 'bad-output', message: 'its output has no final event' },
    ],
    ['says it is done and answers nothing', {}, { kind: 'bad-output', message: 'gave an empty answer' }],
    ['answers white space', { answer: ' \n\n' }, { kind: 'bad-output', message: 'gave an empty answer' }],
    ['answers and fails', { answer: 'x', exit: 3 }, { kind: 'crashed', message: 'exit status 3' }],
    ['ends by a signal', { answer: 'x', exit: 143 }, { kind: 'crashed', message: 'signal 15' }],
    ['is not there', { answer: 'x', exit: 127 }, { kind: 'not-installed', message: 'could not be run' }],
    [
      'fails with an error',
      { error: { kind: 'auth', message: 'Log in.' } },
      { kind: 'auth', message: 'Log in.' },
    ],
    [
      'fails with an error and exits 0',
      { error: { kind: 'quota' }, exit: 0 },
      { kind: 'quota', message: 'quota' },
    ],
    [
      'prints one endless line',
      { bytes: 9_000_000, newline: false, noResult: true },
      { kind: 'bad-output', message: 'too long' },
    ],
  ];
  test.concurrent.each(cases)('a model that %s', async (_title, step, { kind, message }) => {
    const { error } = await ask(await scripted([{ stderr: 'evidence', ...step }]));
    expect(error?.kind).toBe(kind);
    expect(error?.message.toLowerCase()).toContain(message.toLowerCase());
    expect(error?.detail).toBe('evidence');
  });
});

test.concurrent('a model that ignores TERM ends at its limit', async () => {
  const call = await scripted([{ ignoreTerm: true, delayMs: 60_000 }]);
  call.request.limits = { ...call.request.limits, totalSeconds: 1 };
  expect((await ask(call)).error).toMatchObject({ kind: 'timeout', final: false });
});

test.concurrent('an answer of over 8 MiB is none', async () => {
  const call = await scripted([{ answerFile: 'big.md', chunkBytes: 1_000_000 }]);
  await writeFile(join(dirname(call.request.script ?? ''), 'big.md'), 'x'.repeat(9_000_000));
  expect((await ask(call)).error).toMatchObject({ kind: 'bad-output', final: true });
});

/** Less than passes through: a line, buffers, and garbage that is not yet collected. 400 MB take no more. */
const mayGrow = 48 * 1024 * 1024;

test.concurrent('50 MB of lines stream through, and the memory stays flat', async () => {
  const followed = await ask(await scripted([{ bytes: 50_000_000, answer: 'small' }]));
  expect(followed.answer?.answer.bytes).toBe(5);
  expect(followed.memoryGrowth).toBeLessThan(mayGrow);
});

test.concurrent('50 MB without a newline are left out, and the answer after them is read', async () => {
  const followed = await ask(await scripted([{ bytes: 50_000_000, newline: false, answer: 'small' }]));
  expect(followed.answer?.answer.bytes).toBe(5);
  expect(followed.memoryGrowth).toBeLessThan(mayGrow);
});

test.concurrent('a script that is a program plays the model itself', async () => {
  const call = await scripted([]);
  const program = join(dirname(call.request.ledger), 'model.sh');
  await writeFile(
    program,
    `#!/bin/sh\ncat >/dev/null\necho '{"type":"text","text":"hi"}'\necho '{"type":"result"}'\n`,
  );
  await chmod(program, 0o755);
  call.request.script = program;
  expect((await ask(call)).answer).toMatchObject({ answer: { bytes: 2 }, usage: {} });
});
