import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { type ConfigInput, configSchema } from '../../src/domain/config/schema.js';
import type { JournalEvent } from '../../src/domain/journal/entries.js';
import { readFeatureInput, saveFeatureInput } from '../../src/feature/feature-file.js';
import { forecastLines } from '../../src/present/forecast-text.js';
import { saying } from '../domain/journal-entries.js';
import { addFeature, commandProject, type TestProject } from './project.js';

const plan = {
  tasks: [
    { id: 'T001', title: 'Add the switch', description: 'In readme.md.', type: 'code', dependsOn: [] },
    { id: 'T002', title: 'Look at it', description: '', type: 'review', dependsOn: ['T001'] },
  ],
};
const atPlanGate: readonly JournalEvent[] = [
  {
    kind: 'prepared',
    setup: null,
    checks: [],
    baseline: [],
    available: ['deepseek', 'codex'],
  },
  { kind: 'phase', phase: 'plan' },
  { kind: 'gate-opened', gate: { gate: 'plan', number: 1, reason: saying('2 tasks planned.') } },
  { kind: 'waiting', reason: saying('2 tasks planned.') },
];

let project: TestProject;
beforeAll(async () => {
  project = await commandProject();
});
afterAll(() => project.remove());

async function addPlanned(name: string, config: ConfigInput): Promise<void> {
  const directory = await addFeature(project.root, name, atPlanGate);
  const input = await readFeatureInput(directory);
  if (input === undefined) throw new Error('It was just written.');
  const { stdout: base } = await execa('git', ['rev-parse', 'HEAD'], { cwd: project.root });
  await saveFeatureInput(directory, { ...input, base, config: configSchema.parse(config) });
  await writeFile(join(directory, 'spec.md'), `# The specification\n\n${'Dark. '.repeat(200)}\n`);
  await writeFile(join(directory, 'tasks.json'), JSON.stringify(plan));
}

const toCome = async (name: string): Promise<string | undefined> => {
  const { stdout } = await project.blueprint(['status', name]);
  return stdout.split('\n').find((line) => line.startsWith('Approved,'));
};

test('the plan’s gate shows what is to come: calls, tokens and dollars, from the least to the most', async () => {
  const price = { input: 0.5, output: 2 };
  await addPlanned('priced', { models: { deepseek: { price }, codex: { price } } });
  expect(await toCome('priced')).toMatch(
    /^Approved, it takes 3 to 45 calls to models, about [\d,]+ to [\d,]+ tokens and \$0\.\d+ to \$\d+\.\d+\.$/,
  );
});

test('dollars are unknown where a model that calls go to has no price, and the key is named', async () => {
  await addPlanned('unpriced', { models: { deepseek: { price: { input: 0.5, output: 2 } } } });
  expect(await toCome('unpriced')).toMatch(
    /; \$[\d.]+ to \$[\d.]+ without Codex, in all unknown: models\.codex\.price is not configured\.$/,
  );
});

test('a plan that cannot be used, or whose base is gone, has no range, and looking does not fail', async () => {
  const directory = await addFeature(project.root, 'lost', atPlanGate);
  expect((await project.blueprint(['status', 'lost'])).status).toBe(0);
  await writeFile(join(directory, 'tasks.json'), JSON.stringify(plan));
  expect((await project.blueprint(['status', 'lost'])).status).toBe(0);
  expect(await toCome('lost')).toBeUndefined();
});

test('a played feature uses no tokens and costs nothing', () => {
  const range = { least: 2, most: 20 };
  const forecast = { calls: range, tokens: range, usd: range, unpriced: [] };
  expect(forecastLines(forecast, true)).toEqual([
    'Approved, it takes 2 to 20 calls to models, all played from the script.',
  ]);
});
