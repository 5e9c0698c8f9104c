import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type CallOutput, callOutput, liveOutput } from '../../src/app/feature/output.js';
import type { FeatureRecord } from '../../src/app/feature/record.js';
import { taskOfCall } from '../../src/domain/calls/stored-call.js';
import { launchFormat, outcomeFormat } from '../../src/models/calls/store/formats.js';
import { testLimits } from '../support/calls.js';

const call = 'T001-draft.1-0a1b2c3d';
const command = { file: 'model', args: [], cwd: '/' };

describe('the output of calls', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blueprint-calls-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function beginTry(name: string, tryNumber: number, about: Record<string, string>): Promise<string> {
    const directory = join(folder, name, String(tryNumber));
    await mkdir(directory, { recursive: true });
    await writeFile(
      join(folder, name, 'launch.json'),
      launchFormat.text({ command, limits: testLimits, about, madeAt: 1 }),
    );
    await writeFile(join(directory, 'claim'), '');
    return directory;
  }
  const linesOf = async (output: CallOutput) => (await output.read()).flatMap(({ lines }) => lines);

  test('comes line by line, as it is written', async () => {
    const output = await liveOutput({ calls: folder });
    expect(await output.read()).toEqual([]);
    const directory = await beginTry(call, 1, { purpose: 'draft', task: 'T001' });
    await appendFile(join(directory, 'answer.md'), 'one\ntw');
    expect(await linesOf(output)).toEqual(['one']);
    expect(output.running()).toEqual([{ call, about: { purpose: 'draft', task: 'T001' }, lastLine: 'tw' }]);
    await appendFile(join(directory, 'answer.md'), 'o\n---\n');
    expect(await linesOf(output)).toEqual(['two', '---']);
    // A rule says nothing of how far it has come.
    expect(output.running()[0]?.lastLine).toBe('two');
  });

  test('comes while the answer is still written aside, and goes on where it is put', async () => {
    const output = await liveOutput({ calls: folder });
    const directory = await beginTry(call, 1, { purpose: 'draft', task: 'T001' });
    // Left by a follower that was killed.
    await writeFile(join(directory, '.answer.md.1.0a'), 'o');
    const aside = join(directory, '.answer.md.2.0b');
    await writeFile(aside, 'one\ntw');
    expect(await linesOf(output)).toEqual(['one']);
    expect(output.running()[0]?.lastLine).toBe('tw');
    await appendFile(aside, 'o\nthree\n');
    await rename(aside, join(directory, 'answer.md'));
    expect(await linesOf(output)).toEqual(['two', 'three']);
    expect(await linesOf(output)).toEqual([]);
  });

  test('tells once that a try has failed, and goes on with the next', async () => {
    const output = await liveOutput({ calls: folder });
    const first = await beginTry(call, 1, { purpose: 'draft', task: 'T001' });
    await writeFile(
      join(first, 'outcome.json'),
      outcomeFormat.text({ error: { kind: 'rate-limit', message: 'Too fast.' } }),
    );
    expect((await output.read())[0]?.failure).toEqual({ number: 1, message: 'Too fast.' });
    expect(await output.read()).toEqual([]);
    const second = await beginTry(call, 2, { purpose: 'draft', task: 'T001' });
    await writeFile(join(second, 'answer.md'), 'one\n');
    expect(await output.read()).toMatchObject([{ lines: ['one'], failure: undefined }]);
  });

  test('of an answer that is not what was said on the way to it is shown whole', async () => {
    const output = await liveOutput({ calls: folder });
    const directory = await beginTry(call, 1, { purpose: 'review' });
    await writeFile(join(directory, '.answer.md.2.0b'), 'I look at it.\nThen');
    expect(await linesOf(output)).toEqual(['I look at it.']);
    await writeFile(join(directory, 'answer.md'), '{"approved":true}\n');
    expect(await linesOf(output)).toEqual(['Then', '{"approved":true}']);
  });

  test('ends with the call’s result, also where its last line has no end', async () => {
    const output = await liveOutput({ calls: folder });
    const directory = await beginTry(call, 1, { purpose: 'draft' });
    await writeFile(join(directory, 'answer.md'), 'one\ntwo');
    await writeFile(join(folder, call, 'result.json'), '{}');
    expect(await output.read()).toMatchObject([
      { call, about: { purpose: 'draft' }, lines: ['one', 'two'], ended: true },
    ]);
    expect(output.running()).toEqual([]);
    expect(await output.read()).toEqual([]);
  });

  test('tells of a damaged file once, and shows what there is', async () => {
    const output = await liveOutput({ calls: folder });
    const directory = await beginTry(call, 1, { purpose: 'draft' });
    await writeFile(join(folder, call, 'launch.json'), '{"v": 1,');
    await writeFile(join(directory, 'outcome.json'), '{"v": 1,');
    await writeFile(join(directory, 'stdout'), 'one\n');
    expect(await output.read()).toMatchObject([
      {
        call,
        about: {},
        lines: ['one'],
        failure: { number: 1, message: expect.stringContaining('outcome.json is damaged') },
        ended: false,
      },
    ]);
    expect(await output.read()).toEqual([]);
  });

  test('begins again with the next try', async () => {
    const output = await liveOutput({ calls: folder });
    const first = await beginTry(call, 1, { purpose: 'draft' });
    await writeFile(join(first, 'answer.md'), 'lost\n');
    await output.read();
    const second = await beginTry(call, 2, { purpose: 'draft' });
    await writeFile(join(second, 'answer.md'), 'again\n');
    expect(await linesOf(output)).toEqual(['again']);
  });

  test('of a check is what it printed', async () => {
    const output = await liveOutput({ calls: folder });
    const directory = await beginTry('T001-checks.1-0a1b2c3d', 1, { kind: 'check' });
    await writeFile(join(directory, 'stdout'), 'ok 1\n');
    expect(await linesOf(output)).toEqual(['ok 1']);
  });

  test('of calls that were seen before is not shown again', async () => {
    const directory = await beginTry(call, 1, { purpose: 'spec' });
    await writeFile(join(directory, 'answer.md'), 'old\n');
    await writeFile(join(folder, call, 'result.json'), '{}');
    expect(await (await liveOutput({ calls: folder })).read()).toEqual([]);
  });

  test('keeps characters whole that were written in two pieces', async () => {
    const output = await liveOutput({ calls: folder });
    const directory = await beginTry(call, 1, { purpose: 'draft' });
    const bytes = Buffer.from('é\n');
    await writeFile(join(directory, 'answer.md'), bytes.subarray(0, 1));
    await output.read();
    await appendFile(join(directory, 'answer.md'), bytes.subarray(1));
    expect(await linesOf(output)).toEqual(['é']);
  });

  test('of one call ends with it, and one who went away reads on where he was', async () => {
    const feature = { calls: folder, input: async () => ({}) } as unknown as FeatureRecord;
    const directory = await beginTry(call, 1, { purpose: 'draft' });
    await writeFile(join(directory, 'answer.md'), 'one\ntwo\nthr');
    const first = await collect(callOutput(feature, call));
    expect(first.flatMap(({ lines }) => lines)).toEqual(['one', 'two', 'thr']);
    const following = collect(callOutput(feature, call, { from: first.at(-1)?.next, follow: true }));
    await appendFile(join(directory, 'answer.md'), 'ee\nfour');
    await writeFile(join(folder, call, 'result.json'), '{}');
    const rest = await following;
    expect(rest.flatMap(({ lines }) => lines)).toEqual(['three', 'four']);
    expect(rest.at(-1)?.ended).toBe(true);
  });
});

async function collect<T>(parts: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

test('a check belongs to the task that its name begins with', () => {
  expect(taskOfCall('T1-b-checks.1-0a1b2c3d', { kind: 'check' }, ['T1', 'T1-b'])).toBe('T1-b');
  expect(taskOfCall('baseline.1-0a1b2c3d', { kind: 'check' }, ['T1'])).toBeUndefined();
  expect(taskOfCall('x.1-0a1b2c3d', { task: 'T9' }, [])).toBe('T9');
});
