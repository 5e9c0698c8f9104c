/** The layers: which folder of `src` may import which, in one matrix. Imports point down only. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { findCircle, type Import, loadedWith, readImports } from './imports.js';

const imports = readImports();

const below = {
  host: [],
  domain: [],
  present: ['domain'],
  config: ['host', 'domain'],
  feature: ['host', 'domain'],
  models: ['host', 'domain'],
  workspace: ['host', 'domain'],
  temporal: ['host', 'domain'],
  'prompt-context': ['models', 'workspace', 'feature', 'host', 'domain'],
  checks: ['models', 'workspace', 'feature', 'host', 'domain'],
  questions: ['prompt-context', 'models', 'workspace', 'feature', 'host', 'domain'],
  planning: ['questions', 'checks', 'prompt-context', 'models', 'workspace', 'feature', 'host', 'domain'],
  drafts: ['questions', 'checks', 'prompt-context', 'models', 'workspace', 'feature', 'host', 'domain'],
  activities: [
    ...['drafts', 'planning', 'questions', 'checks', 'prompt-context', 'models', 'workspace', 'feature'],
    ...['host', 'domain'],
  ],
  // Of the activities only the types.
  workflows: ['activities', 'domain'],
  worker: ['activities', 'temporal', 'feature', 'host', 'domain'],
  app: [
    ...['worker', 'temporal', 'drafts', 'planning', 'questions', 'checks', 'prompt-context', 'models'],
    ...['workspace', 'feature', 'config', 'host', 'domain'],
  ],
  cli: ['app', 'present', 'host'],
} satisfies Record<string, readonly string[]>;

/** Folders that may use Temporal's packages. */
const knowsTemporal = ['temporal', 'activities', 'workflows', 'worker', 'app'];

/** The files that start processes: everything else goes through them. */
const startsProcesses = [
  'src/activities/notify.ts',
  'src/models/adapters/probe.ts',
  'src/models/calls/store/processes.ts',
  'src/models/calls/store/spawn.ts',
  'src/workspace/git-locks.ts',
];
/** Folders whose whole work needs processes: of the machine, of the server, and a person's editor and pager. */
const mayStartProcesses = ['host', 'temporal', 'cli', 'app'];

const folderOf = (file: string): string => file.split('/')[1] ?? '';

const offending = (isWrong: (file: string, one: Import) => boolean): string[] =>
  [...imports].flatMap(([file, all]) =>
    all.filter((one) => isWrong(file, one)).map(({ to }) => `${file} → ${to}`),
  );

test('every folder of src is a layer, and has its place in the matrix', () => {
  const folders = new Set([...imports.keys()].map(folderOf));
  expect([...folders].filter((folder) => !(folder in below))).toEqual([]);
});

test('imports point down only', () => {
  const rows: Record<string, readonly string[]> = below;
  expect(
    offending((file, { to }) => {
      const [from, into] = [folderOf(file), folderOf(to)];
      return to.startsWith('src/') && from !== into && !rows[from]?.includes(into);
    }),
  ).toEqual([]);
});

test('no imports go in a circle, those of types included', () => {
  expect(findCircle(imports)).toBeUndefined();
});

test('workflows know of the activities their types only', () => {
  expect(
    offending(
      (file, { to, typeOnly }) =>
        folderOf(file) === 'workflows' &&
        folderOf(to) === 'activities' &&
        !(typeOnly && to === 'src/activities/types.ts'),
    ),
  ).toEqual([]);
});

test('a workflow loads nothing of Node, and no package but Temporal’s', () => {
  const loaded = [...loadedWith('src/workflows/index.ts', imports)];
  expect(loaded.length).toBeGreaterThan(20);
  expect(loaded.filter((one) => !one.startsWith('src/') && !one.startsWith('@temporalio/'))).toEqual([]);
});

test('the domain does no I/O', () => {
  expect(offending((file, { to }) => folderOf(file) === 'domain' && to.startsWith('node:'))).toEqual([]);
});

test('only these folders know of Temporal', () => {
  expect(
    offending((file, { to }) => to.startsWith('@temporalio/') && !knowsTemporal.includes(folderOf(file))),
  ).toEqual([]);
});

test('only these files start processes', () => {
  const starters = ['execa', 'node:child_process'];
  expect(
    offending(
      (file, { to, typeOnly }) =>
        starters.includes(to) &&
        !typeOnly &&
        !mayStartProcesses.includes(folderOf(file)) &&
        !startsProcesses.includes(file),
    ),
  ).toEqual([]);
});

test('what is patched in workflow code stands in its register', () => {
  const patching = [...imports.keys()].filter(
    (file) =>
      folderOf(file) === 'workflows' && /\b(?:deprecatePatch|patched)\b/.test(readFileSync(file, 'utf8')),
  );
  expect(patching).toEqual(['src/workflows/patches.ts']);
});
