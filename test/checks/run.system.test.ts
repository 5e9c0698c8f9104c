/** Checks of a commit, as a task's round, the integration and the result run them: real commands in real worktrees. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { couldNotRun } from '../../src/checks/outcome.js';
import { type ChecksRun, checkCommit } from '../../src/checks/run.js';
import type { CallKey } from '../../src/domain/calls/call-key.js';
import { type ConfigInput, configSchema } from '../../src/domain/config/schema.js';
import type { CheckResult } from '../../src/domain/tasks/checks.js';
import { outputEnd } from '../../src/feature/check-output.js';
import type { WorkScope } from '../../src/feature/scope.js';
import { worktreePath } from '../../src/workspace/worktree.js';
import { runs } from '../support/calls.js';
import { inTemporaryFolder } from '../support/folders.js';
import { checkoutFingerprint, instance, sampleRepository } from '../support/repository.js';

const folder = inTemporaryFolder();
let project: Awaited<ReturnType<typeof sampleRepository>>;
let base: string;
beforeEach(async () => {
  project = await sampleRepository(join(folder(), 'project'));
  base = project.base;
});

const scope = (config: ConfigInput = {}, signal = new AbortController().signal): WorkScope => {
  const directory = join(folder(), 'feature');
  return {
    input: {
      ...{ feature: 'f', instance, root: project.root, mode: 'static', base, briefIsSpec: false },
      config: configSchema.parse(config),
      brief: { path: 'brief.md', sha256: '', bytes: 0 },
      usedRounds: 0,
      embedded: true,
    },
    directory,
    calls: join(directory, 'calls'),
    signal,
    scheduledAt: 0,
    registerCall: () => undefined,
  };
};

const aRun = (name: string, round: number): CallKey => ({ name, round, inputs: { v: 1 } });

const run = (checks: ChecksRun['checks'], more: Partial<ChecksRun> = {}, within = scope()) =>
  checkCommit(
    {
      ...{
        call: aRun('T001-checks', 1),
        worktree: { task: 'T001' },
        commit: base,
        setup: null,
        baseline: [],
      },
      checks,
      ...more,
    },
    within,
  );
const worktree = () => worktreePath({ root: project.root, instance, feature: 'f', task: 'T001' });
const outputOf = (result: CheckResult | undefined) =>
  readFile(join(folder(), 'feature', result?.output ?? ''), 'utf8');
/** A check's own memory of how often it was run, outside the worktree. */
const counted = (name: string) => `echo x >>'${join(folder(), name)}'; n=$(wc -l <'${join(folder(), name)}')`;
const timesRun = async (name: string) => (await readFile(join(folder(), name), 'utf8')).length / 2;

describe('a check', () => {
  test('runs in its folder, and cannot be run where a draft has removed that', async () => {
    const [result] = await run([{ name: 'where', command: 'pwd', cwd: 'src' }]);
    expect(await outputOf(result)).toBe(`${worktree()}/src\n`);
    const [gone] = await run([{ name: 'where', command: 'pwd', cwd: 'packages/none' }]);
    expect(gone).toMatchObject({ passed: false, ended: { kind: 'not-runnable', status: 126 } });
    expect(gone !== undefined && couldNotRun(gone)).toBe(true);
  });

  test('has a time limit of its own', async () => {
    const [result] = await run([{ name: 'slow', command: 'sleep 60', timeout: 1 }], { baseline: undefined });
    expect(result).toMatchObject({ passed: false, ended: { kind: 'timeout', seconds: 1 } });
  });

  test('with paths is run when the change touches one of them, renamed and deleted files included', async () => {
    await project.write('packages/a/x.js', 'x\n');
    await project.write('packages/b/x.js', 'x\n');
    const from = await project.commit();
    await project.git('mv', 'packages/b/x.js', 'packages/b-x.js');
    const commit = await project.commit();
    const checks = ['a', 'b'].map((name) => ({ name, command: 'exit 0', paths: [`packages/${name}/**`] }));
    const names = async (more: Partial<ChecksRun>) =>
      (await run([...checks, { name: 'all', command: 'exit 0' }], { commit, ...more })).map(
        ({ name }) => name,
      );
    expect(await names({ since: from })).toEqual(['b', 'all']);
    expect(await names({ since: commit })).toEqual(['all']);
    expect(await names({})).toEqual(['a', 'b', 'all']);
  });

  test('finds its slot, and those that may run beside each other do; results are in the configured order', async () => {
    const meet = (own: string, other: string) =>
      `touch '${folder()}/${own}'; for i in $(seq 200); do [ -e '${folder()}/${other}' ] && exec echo "slot $BLUEPRINT_SLOT"; sleep 0.05; done; exit 1`;
    const results = await run([
      { name: 'first', command: 'exit 0' },
      { name: 'one', command: `sleep 0.2; ${meet('one', 'two')}`, parallel: true },
      { name: 'two', command: meet('two', 'one'), parallel: true },
      { name: 'last', command: 'exit 0' },
    ]);
    expect(results.map(({ name, passed }) => [name, passed])).toEqual([
      ['first', true],
      ['one', true],
      ['two', true],
      ['last', true],
    ]);
    const slots = await Promise.all([outputOf(results[1]), outputOf(results[2])]);
    expect(slots.sort()).toEqual(['slot 0\n', 'slot 1\n']);
  });

  test('leaves nothing behind: no daemon, no file, nothing changed', async () => {
    const command =
      'setsid sleep 60 & echo $! >pids; (sleep 60 & echo $! >>pids); cp pids left.log; echo x >>README.md; cat pids';
    const [result] = await run([{ name: 'messy', command }]);
    const pids = (await outputOf(result)).trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    expect(pids.map(runs)).toEqual([false, false]);
    expect((await readdir(worktree())).sort()).toEqual(['.git', '.gitignore', 'README.md', 'src']);
    expect(await readFile(join(worktree(), 'README.md'), 'utf8')).toBe('# Project\n');
  });
});

describe('a red check', () => {
  test('that was green before is run once more; green then, it is flaky, passes, and both ends and outputs are kept', async () => {
    const command = `${counted('count')}; echo "run $n"; [ "$n" -gt 1 ]`;
    const [result] = await run([{ name: 'test', command }]);
    expect(result).toMatchObject({
      passed: true,
      ended: { kind: 'exit', status: 0 },
      flaky: { ended: { kind: 'exit', status: 1 } },
    });
    expect(await outputOf(result)).toBe('run 2\n');
    expect(await readFile(join(folder(), 'feature', result?.flaky?.output ?? ''), 'utf8')).toBe('run 1\n');
  });

  test('that stays red is broken; only the red ones are run again', async () => {
    const results = await run([
      { name: 'red', command: `${counted('red')}; exit 3` },
      { name: 'green', command: counted('green') },
    ]);
    expect(results).toMatchObject([
      { name: 'red', passed: false, ended: { kind: 'exit', status: 3 } },
      { name: 'green', passed: true },
    ]);
    expect(results[0]?.flaky).toBeUndefined();
    expect([await timesRun('red'), await timesRun('green')]).toEqual([2, 1]);
  });

  test('that was red before is named and not run again, nor is one of the baseline itself', async () => {
    const checks = [{ name: 'test', command: `${counted('count')}; exit 1` }];
    const baseline = await run(checks, { call: aRun('baseline', 1), baseline: undefined });
    expect(await timesRun('count')).toBe(1);
    expect(await run(checks, { baseline })).toMatchObject([{ passed: false, redBefore: true }]);
    expect(await timesRun('count')).toBe(2);
  });

  test('that mends itself in the worktree is not taken for flaky: it is asked again in a fresh one', async () => {
    const [result] = await run([{ name: 'lint', command: '[ -e mended ] || { touch mended; exit 1; }' }]);
    expect(result).toMatchObject({ passed: false });
  });

  test('is asked again after setup; a setup that fails once does not count', async () => {
    const setup = `${counted('setup')}; [ "$n" -ne 1 ] && touch made.log`;
    const checks = [{ name: 'test', command: '[ -e made.log ]' }];
    expect(await run(checks, { setup })).toMatchObject([{ name: 'test', passed: true }]);
    expect(await run(checks, { setup: 'exit 5', call: aRun('T001-checks', 2) })).toMatchObject([
      { name: 'setup', passed: false, ended: { kind: 'exit', status: 5 } },
    ]);
  });

  test('shows the end of what it printed; all of it is kept', async () => {
    const [result] = await run([{ name: 'long', command: 'seq 100000; exit 1' }]);
    if (result === undefined) throw new Error('no result');
    const end = await outputEnd(join(folder(), 'feature'), result);
    expect(end.endsWith('99999\n100000\n')).toBe(true);
    expect(end.length).toBeLessThanOrEqual(16_000);
    expect((await outputOf(result)).startsWith('1\n2\n')).toBe(true);
  });
});

describe('checks of a lost worker', () => {
  test('are gone on with in the worktree as it stands: nothing is pulled from under what runs', async () => {
    const go = join(folder(), 'go');
    const began = join(folder(), 'began');
    const setup = `${counted('setup')}; touch dependency.log`;
    const checks = [
      {
        name: 'one',
        command: `touch '${began}'; while ! [ -e '${go}' ]; do sleep 0.05; done; [ -e dependency.log ]`,
      },
      { name: 'two', command: '[ -e dependency.log ]' },
    ];
    const worker = new AbortController();
    const lost = run(checks, { setup }, scope({}, worker.signal));
    while (!existsSync(began)) await new Promise((resolve) => setTimeout(resolve, 20));
    worker.abort(new Error('lost'));
    await expect(lost).rejects.toThrow('lost');
    const next = run(checks, { setup });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await writeFile(go, '');
    expect(await next).toMatchObject([{ passed: true }, { passed: true }]);
    expect(await timesRun('setup')).toBe(1);
  });
});

describe('what is brought from the checkout', () => {
  test('is a copy: checks find it, and what they write to it is not the person’s', async () => {
    await project.write('node_modules/dep/index.js', 'dep\n');
    await project.write('.env', 'SECRET=1\n');
    await project.write('.worktreeinclude', '.env\n');
    base = await project.commit();
    const before = await checkoutFingerprint(project.root);
    const command = 'cat node_modules/dep/index.js .env; echo broken | tee node_modules/dep/index.js >.env';
    const [result] = await run([{ name: 'test', command }], {}, scope({ share: ['node_modules'] }));
    expect(await outputOf(result)).toBe('dep\nSECRET=1\n');
    expect(await checkoutFingerprint(project.root)).toEqual(before);
    expect(existsSync(join(worktree(), '.env'))).toBe(false);
  });

  test('must be ignored: what is not would become a part of a draft', async () => {
    await mkdir(join(project.root, 'vendor'));
    await expect(
      run([{ name: 'test', command: 'exit 0' }], {}, scope({ share: ['vendor'] })),
    ).rejects.toThrow('"share" names "vendor", which the project does not ignore');
    await rm(join(project.root, 'vendor'), { recursive: true });
  });
});
