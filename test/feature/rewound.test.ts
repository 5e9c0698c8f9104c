/** What a rewind has undone: kept once, read again, and named when it is damaged. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Plan } from '../../src/domain/tasks/plan.js';
import {
  highestRewound,
  keepRewound,
  type Rewound,
  readRewound,
  type WorkState,
} from '../../src/feature/rewound.js';
import { temporaryFolders } from '../support/folders.js';

const folder = temporaryFolders();

const plan: Plan = {
  tasks: [{ id: 'T001', title: 'Add', description: '', type: 'code', dependsOn: [] }],
};
const work: WorkState = {
  head: '1'.repeat(40),
  plan,
  planFile: { path: 'tasks.json', sha256: 'a'.repeat(64), bytes: 2 },
  tasks: { T001: { state: 'done', round: 1, outputs: [], sentBack: 0, commit: '1'.repeat(40) } },
};
const rewound: Rewound = { to: 'start', from: work, next: { ...work, tasks: {} } };

test('is kept once: what an interrupted one has kept counts', async () => {
  const directory = await folder();
  expect(await highestRewound(directory)).toBe(0);
  expect(await readRewound(directory, 1)).toBeUndefined();
  expect(await keepRewound(directory, 1, rewound)).toEqual(rewound);
  expect(await keepRewound(directory, 1, { ...rewound, to: 'T001' })).toEqual(rewound);
  expect(await readRewound(directory, 1)).toEqual(rewound);
  expect(await highestRewound(directory)).toBe(1);
});

test.each([
  ['torn', (text: string) => text.slice(0, 40), 'damaged-file'],
  ['without its plan', (text: string) => text.replaceAll('"plan"', '"plans"'), 'damaged-file'],
  ['with a state that is none', (text: string) => text.replace('"done"', '"over"'), 'damaged-file'],
  ['of a newer version', (text: string) => text.replace('"v": 1', '"v": 2'), 'newer-file'],
])('is named where it is %s', async (_, damage, code) => {
  const directory = await folder();
  await keepRewound(directory, 1, rewound);
  const file = join(directory, 'rewound', '1.json');
  await writeFile(file, damage(await readFile(file, 'utf8')));
  await expect(readRewound(directory, 1)).rejects.toMatchObject({ code, params: { file } });
});
