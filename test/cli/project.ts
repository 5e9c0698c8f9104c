/** Real projects with hand-written journals, and the command in a process of its own. */

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { configSchema } from '../../src/domain/config/schema.js';
import type { JournalEntry, JournalEvent } from '../../src/domain/journal/entries.js';
import { saveFeatureInput } from '../../src/feature/feature-file.js';
import { appendJournal } from '../../src/feature/journal.js';
import { featureDirectory } from '../../src/feature/project.js';
import { packageFile } from '../../src/host/package-files.js';
import { saying } from '../domain/journal-entries.js';
import { committedRepository } from '../support/repository.js';
import { testServerEnvironment } from '../support/temporal.js';

const main = packageFile('dist/bin/blueprint.js');

export interface TestProject {
  root: string;
  /** Runs `blueprint` in the project. Never rejects. */
  blueprint(
    args: readonly string[],
    options?: { input?: string | Uint8Array; env?: Record<string, string> },
  ): Promise<{ status: number | undefined; stdout: string; stderr: string }>;
  remove(): Promise<void>;
}

/** A git repository with one commit. */
export async function commandProject(): Promise<TestProject> {
  const root = await mkdtemp(join(tmpdir(), 'blueprint-cli-'));
  await committedRepository(root, { 'readme.md': '# A project\n' });
  return {
    root,
    async blueprint(args, { input, env = {} } = {}) {
      const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], {
        cwd: root,
        env: { ...testServerEnvironment(), ...env },
        extendEnv: false,
        reject: false,
        ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
      });
      return { status: exitCode, stdout, stderr };
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** A feature that is there, with what its journal tells. */
export async function addFeature(
  root: string,
  feature: string,
  events: readonly JournalEvent[],
): Promise<string> {
  const directory = featureDirectory(root, feature);
  await mkdir(directory, { recursive: true });
  await saveFeatureInput(directory, {
    feature,
    instance: '0123456789ab',
    root,
    mode: 'interactive',
    config: configSchema.parse({}),
    base: '1'.repeat(40),
    brief: { path: 'brief.md', sha256: '', bytes: 0 },
    briefIsSpec: false,
    usedRounds: 0,
    embedded: true,
  });
  await appendJournal(directory, numbered(events));
  return directory;
}

/** Events as the entries of one workflow, a second apart. */
export const numbered = (events: readonly JournalEvent[]): JournalEntry[] =>
  events.map((event, index) => ({
    ...event,
    at: Date.UTC(2025, 0, 31, 12, 0, index),
    workflow: 'blueprint/0123456789ab/dark-mode',
    run: 'r1',
    seq: index + 1,
  }));

/** Two tasks, the second one failed, with the third blocked by it. */
export const troubled: readonly JournalEvent[] = [
  { kind: 'phase', phase: 'prepare' },
  { kind: 'phase', phase: 'plan' },
  {
    kind: 'plan',
    file: { path: 'tasks.json', sha256: '', bytes: 0 },
    tasks: [
      { id: 'T001', title: 'Add the switch', type: 'code', dependsOn: [] },
      { id: 'T002', title: 'Store the \u001b[31mchoice', type: 'code', dependsOn: ['T001'] },
      { id: 'T003', title: 'Describe it', type: 'boilerplate', dependsOn: ['T002'] },
    ],
    refined: true,
  },
  { kind: 'phase', phase: 'execution' },
  { kind: 'task', task: 'T001', state: 'running', round: 1 },
  { kind: 'integrated', task: 'T001', attempt: 1, commit: 'a'.repeat(40) },
  { kind: 'task', task: 'T001', state: 'done', round: 1, commit: 'a'.repeat(40) },
  { kind: 'task', task: 'T002', state: 'running', round: 1 },
  { kind: 'task', task: 'T002', state: 'failed', round: 1, reason: saying('The model refused.') },
  { kind: 'task', task: 'T003', state: 'blocked', round: 0 },
  { kind: 'waiting', reason: saying('T002 failed; T003 is blocked.') },
];
