/** `blueprint merge` and the workflow come to the same of a check, by the same function. */
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { checkMerge } from '../../src/app/feature/merge-checks.js';
import { checkCommit } from '../../src/checks/run.js';
import { resultChecksCall } from '../../src/domain/calls/call-key.js';
import { type Check, type ConfigInput, configSchema } from '../../src/domain/config/schema.js';
import type { CheckResult } from '../../src/domain/tasks/checks.js';
import type { FeatureFolder } from '../../src/feature/scope.js';
import { inTemporaryFolder } from '../support/folders.js';
import { instance, sampleRepository } from '../support/repository.js';

const folder = inTemporaryFolder();
let project: Awaited<ReturnType<typeof sampleRepository>>;
beforeEach(async () => {
  project = await sampleRepository(join(folder(), 'project'));
});

/** Runs the checks of a configuration on the project's commit. */
type Side = (config: ConfigInput, baseline: readonly CheckResult[]) => Promise<CheckResult[]>;

const folderOf = (side: string, config: ConfigInput): FeatureFolder => {
  const directory = join(folder(), side);
  const input = {
    ...{ feature: 'f', instance, root: project.root, mode: 'static' as const, base: project.base },
    config: configSchema.parse(config),
    brief: { path: 'brief.md', sha256: '', bytes: 0 },
    ...{ briefIsSpec: false, usedRounds: 0, embedded: true },
  };
  return { input, directory, calls: join(directory, 'calls') };
};
const signal = new AbortController().signal;

const workflow: Side = (config, baseline) => {
  const within = folderOf('workflow', config);
  return checkCommit(
    {
      call: resultChecksCall(1, project.base),
      worktree: { task: '_result' },
      commit: project.base,
      setup: null,
      checks: within.input.config.checks ?? [],
      baseline,
    },
    { ...within, signal, scheduledAt: 0, registerCall: () => undefined },
  );
};

const merge: Side = (config, baseline) =>
  checkMerge(folderOf('merge', config), project.base, baseline, signal);

/** What a person and a workflow go by. Not where the output is, and how long it took. */
const verdictOf = ({ name, passed, redBefore, ended, flaky }: CheckResult) => ({
  ...{ name, passed, redBefore, ended },
  redFirst: flaky?.ended,
});

/** What both sides come to, which is one thing. */
async function verdict(checks: Check[], baseline: readonly CheckResult[] = []) {
  const ofSides = await Promise.all(
    [workflow, merge].map(async (side) =>
      (await side({ setup: null, checks, maxParallelChecks: 4 }, baseline)).map(verdictOf),
    ),
  );
  expect(ofSides[1]).toEqual(ofSides[0]);
  return ofSides[0];
}

describe('the workflow and a merge come to the same', () => {
  test('of a check that is red once and green then', async () => {
    // Each side has a worktree of its own, and so a memory of its own.
    const command = `mark="${folder()}/$(basename "$PWD")"; [ -e "$mark" ] || { touch "$mark"; exit 1; }`;
    expect(await verdict([{ name: 'flaky', command }])).toMatchObject([
      { passed: true, ended: { kind: 'exit', status: 0 }, redFirst: { kind: 'exit', status: 1 } },
    ]);
  });

  test('of a check that stays red, and of one that was red before', async () => {
    const before = { name: 'known', passed: false, redBefore: false, output: '', durationMs: 0 };
    expect(
      await verdict(
        [
          { name: 'red', command: 'exit 3' },
          { name: 'known', command: 'exit 4' },
        ],
        [{ ...before, ended: { kind: 'exit', status: 4 } }],
      ),
    ).toMatchObject([
      { passed: false, redBefore: false, ended: { kind: 'exit', status: 3 } },
      { passed: false, redBefore: true, ended: { kind: 'exit', status: 4 } },
    ]);
  });

  test('of a check that runs too long', async () => {
    expect(await verdict([{ name: 'slow', command: 'sleep 60', timeout: 1 }])).toMatchObject([
      { passed: false, ended: { kind: 'timeout', seconds: 1 } },
    ]);
  });

  test('of a check that cannot be run', async () => {
    expect(await verdict([{ name: 'gone', command: 'no-such-command' }])).toMatchObject([
      { passed: false, ended: { kind: 'not-runnable', status: 127 } },
    ]);
  });

  test('of checks that run beside each other, each in a slot of its own', async () => {
    const meet = (own: string, other: string) =>
      `at="${folder()}/$(basename "$PWD")"; echo "$BLUEPRINT_SLOT" >"$at-${own}"; for i in $(seq 100); do [ -s "$at-${other}" ] && { [ "$(cat "$at-${own}")" != "$(cat "$at-${other}")" ]; exit; }; sleep 0.05; done; exit 1`;
    const results = await verdict([
      { name: 'one', command: meet('one', 'two'), parallel: true },
      { name: 'two', command: meet('two', 'one'), parallel: true },
    ]);
    expect(results).toMatchObject([{ passed: true }, { passed: true }]);
  });
});
