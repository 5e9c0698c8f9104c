/** `tasks.json`: written with its version, read as a person may have left it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Plan } from '../../src/domain/tasks/plan.js';
import { readPlanFile, savePlanFile } from '../../src/feature/plan-file.js';
import { temporaryFolders } from '../support/folders.js';

const folder = temporaryFolders();

const plan: Plan = {
  tasks: [{ id: 'T001', title: 'Add', description: 'Do it.', type: 'code', dependsOn: [] }],
};

test('a plan is read again as it was written, whatever was made of its layout', async () => {
  const directory = await folder();
  const file = await savePlanFile(directory, plan);
  expect(await readPlanFile(directory)).toEqual({ ok: true, plan, file });
  await writeFile(join(directory, 'tasks.json'), `// Mine.\n${JSON.stringify({ v: 1, ...plan })}\n`);
  expect(await readPlanFile(directory)).toMatchObject({ ok: true, plan });
});

test('a person who writes it anew need not know of a version', async () => {
  const directory = await folder();
  await writeFile(join(directory, 'tasks.json'), JSON.stringify(plan));
  expect(await readPlanFile(directory)).toMatchObject({ ok: true, plan });
});

test.each([
  ['{"tasks": [,]}', 'tasks.json is not valid JSON at line 1, column 12: a value is expected there.'],
  ['{"v": 2, "jobs": []}', 'tasks.json was written by a newer version of Blueprint: its format is 2,'],
  ['{"v": "one", "tasks": []}', 'tasks.json is not a plan:'],
  ['{"v": 1, "tasks": [], "owner": "Ada"}', 'Unrecognized key: "owner"'],
])('%s is not taken, and stays as it is', async (text, problem) => {
  const directory = await folder();
  const path = join(directory, 'tasks.json');
  await writeFile(path, text);
  const read = await readPlanFile(directory);
  expect(read.ok ? '' : read.problem).toContain(problem);
  expect(await readFile(path, 'utf8')).toBe(text);
});
