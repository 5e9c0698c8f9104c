/** The scripted model: which answer it plays, and how it says what is wrong with a script. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { adapterFor } from '../../../src/models/adapters/index.js';
import { readLedger } from '../../../src/models/scripted/ledger.js';
import { testFolder, transpiledCode } from '../../support/source-process.js';

async function scriptFile(content: unknown): Promise<string> {
  const file = join(await mkdtemp(join(testFolder(), 'script-')), 'script.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

interface Played {
  status: number | undefined;
  answer: string;
  events: Record<string, unknown>[];
  stderr: string;
}

async function play(script: string, call: string, prompt = ''): Promise<Played> {
  const main = join(transpiledCode(), 'src', 'models', 'scripted', 'main.js');
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    [main, '--script', script, '--ledger', `${script}.ledger`],
    {
      input: `Blueprint-Call: ${call}\n\n${prompt}`,
      env: { BLUEPRINT_CALL: `/calls/${/task=(\S+)/.exec(call)?.[1]}-draft.1-00000000`, BLUEPRINT_TRY: '2' },
      reject: false,
    },
  );
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const answer = events.map((event) => event.text ?? '').join('');
  return { status: exitCode, answer, events, stderr };
}

test('the first entry that matches the call is played', async () => {
  const script = await scriptFile({
    answers: [
      { match: { purpose: 'draft', task: 'T002' }, answer: 'task' },
      { match: { purpose: 'draft', model: 'gemini' }, answer: 'model' },
      { match: { role: 'coder', round: 2 }, answer: 'round' },
      { match: { contains: 'needle' }, answer: 'contains' },
      { match: { purpose: 'plan' }, answer: { tasks: [] } },
    ],
  });
  const answerTo = async (call: string, prompt?: string) => (await play(script, call, prompt)).answer;
  expect(await answerTo('purpose=draft role=coder task=T002 round=1 model=gemini')).toBe('task');
  expect(await answerTo('purpose=draft role=coder task=T001 round=1 model=gemini')).toBe('model');
  expect(await answerTo('purpose=draft role=coder task=T001 round=2 model=codex')).toBe('round');
  expect(await answerTo('purpose=spec', 'a needle here')).toBe('contains');
  expect(JSON.parse(await answerTo('purpose=plan'))).toEqual({ tasks: [] });
});

test('successive answers are played in order for each name of a call, and the last one repeats', async () => {
  const script = await scriptFile({
    answers: [
      { match: {}, answers: [{ answer: 'bad' }, { error: { kind: 'overloaded' } }, { answer: 'good' }] },
    ],
  });
  const heard: unknown[] = [];
  for (let i = 0; i < 4; i++) {
    const { status, answer } = await play(script, 'purpose=draft task=T001 model=codex');
    heard.push(status === 0 ? answer : status);
  }
  expect(heard).toEqual(['bad', 1, 'good', 'good']);
  expect((await play(script, 'purpose=draft task=T002 model=codex')).answer).toBe('bad');
  expect(readLedger(`${script}.ledger`)[0]).toMatchObject({
    event: 'start',
    call: 'T001-draft.1-00000000',
    try: 2,
    entry: 0,
    purpose: 'draft',
    task: 'T001',
    model: 'codex',
  });
});

test('a play that was killed is played again', async () => {
  const script = await scriptFile({ answers: [{ answers: [{ answer: 'first' }, { answer: 'second' }] }] });
  const line = {
    event: 'start',
    call: 'T001-draft.1-00000000',
    try: 1,
    pid: 1,
    at: 1,
    entry: 0,
    task: 'T001',
  };
  await writeFile(`${script}.ledger`, `${JSON.stringify(line)}\n`);
  expect((await play(script, 'task=T001')).answer).toBe('first');
});

test('a step says how it misbehaves', async () => {
  const script = await scriptFile({
    defaults: { chunkBytes: 3 },
    answers: [
      { match: { task: 'chunks' }, answer: 'ab😀cd' },
      { match: { task: 'filler' }, bytes: 100_000, stderr: 'oops', exit: 9, noResult: true },
      { match: { task: 'limit' }, error: { kind: 'rate-limit', message: 'Wait.', retryAfterMs: 50 } },
    ],
  });
  const chunks = await play(script, 'task=chunks');
  expect(chunks.events.slice(0, -1).map((event) => event.text)).toEqual(['ab😀', 'cd']);
  expect(chunks.events.at(-1)).toEqual({ type: 'result', usage: { inputTokens: 8, outputTokens: 2 } });
  expect(await play(script, 'task=filler')).toMatchObject({ status: 9, stderr: 'oops', events: [] });
  expect((await play(script, 'task=limit')).events).toEqual([
    { type: 'error', kind: 'rate-limit', message: 'Wait.', retryAfterMs: 50 },
  ]);
});

test('a call that the script has no answer for is told so', async () => {
  const script = await scriptFile({ answers: [] });
  const { status, events } = await play(script, 'purpose=draft role=coder task=T009');
  expect(status).toBe(1);
  expect(events).toEqual([
    {
      type: 'error',
      kind: 'bad-output',
      message: `The script ${script} has no answer for purpose=draft role=coder task=T009.`,
    },
  ]);
});

test('the probe finds a script that is missing or wrong, in one sentence', async () => {
  const adapter = adapterFor('codex', 'any');
  const detail = async (script?: string) =>
    (
      await adapter?.probe(
        {},
        { settings: { args: [], env: {} }, pass: [], ...(script === undefined ? {} : { script }) },
      )
    )?.detail;
  expect(await detail()).toBe('no script');
  expect(await detail('/nowhere/script.json')).toMatch(
    /^The script \/nowhere\/script.json cannot be read: ENOENT/,
  );
  expect(await detail(await scriptFile('{'))).toMatch(/is no JSON/);
  expect(await detail(await scriptFile({ answers: [{ match: { taks: 'T1' }, answer: '' }] }))).toMatch(
    /is not valid: answers\[0\]\.match: .*taks/,
  );
  expect(await detail(await scriptFile({ answers: [{ answer: 'a', error: { kind: 'auth' } }] }))).toMatch(
    /answers\[0\]: has more than one of answer, answerFile and error/,
  );
  expect(await detail(await scriptFile({ answers: [{ answerFile: 'gone.md' }] }))).toMatch(
    /names the answer file gone.md, which is not there/,
  );
  expect(await detail(await scriptFile({ answers: [{ answer: 'a' }] }))).toMatch(/^1 answers in /);
});
