/** Projects for tests: a small real repository in a folder that is removed, a script of answers, and its features. */
import { mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ConfigInput } from '../../src/domain/config/schema.js';
import type { CallErrorKind } from '../../src/domain/models/call-errors.js';
import type { Plan, Task } from '../../src/domain/tasks/plan.js';
import type { ModelName, Purpose } from '../../src/domain/vocabulary.js';
import { committedRepository } from './repository.js';
import { testFolder } from './source-process.js';

export interface TestProject {
  root: string;
  /** The script's path, outside the repository. */
  script: string;
}

/** What one entry of a script answers to. */
export interface ScriptEntry extends ScriptStep {
  match: {
    purpose?: Purpose;
    task?: string;
    model?: ModelName;
    round?: number;
    contains?: string;
  };
  answers?: readonly ScriptStep[];
}
interface ScriptStep {
  answer?: unknown;
  error?: { kind: CallErrorKind; message?: string; retryAfterMs?: number; resetAt?: number };
  delayMs?: number;
}

const environment = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};

/** git, as a person runs it in the repository. */
export async function git(root: string, ...args: string[]): Promise<string> {
  const { stdout } = await execa('git', args, { cwd: root, env: environment });
  return stdout;
}

/**
 * A committed repository whose check is `sh check.sh`, which fails where a file holds the word BUG.
 *
 * @param config goes into blueprint.config.json
 */
export async function makeProject(entries: ScriptEntry[], config: ConfigInput = {}): Promise<TestProject> {
  const folder = await realpath(await mkdtemp(join(testFolder(), 'project-')));
  const root = join(folder, 'repo');
  const files: Record<string, string> = {
    'README.md': '# A project\n',
    'check.sh': '! grep -rn BUG --include="*.txt" .\n',
    'blueprint.config.json': `${JSON.stringify({ checks: [{ name: 'test', command: 'sh check.sh' }], setup: null, ...config }, undefined, 2)}\n`,
  };
  await committedRepository(root, files);
  const script = join(folder, 'script.json');
  await writeFile(script, JSON.stringify({ answers: entries }, undefined, 2));
  return { root, script };
}

/** A task of type code, unless said otherwise. */
export const task = (id: string, more: Partial<Task> = {}): Task => ({
  id,
  title: `Write ${id}`,
  description: `Write the file ${id}.txt.`,
  type: 'code',
  dependsOn: [],
  ...more,
});

/** A draft's answer: one file. */
export const fileAnswer = (path: string, content: string): string =>
  `\`\`\`text path=${path}\n${content}\n\`\`\`\n`;

export const approval = { approved: true, feedback: 'Good.', corrections: [] };
export const rejection = (correction: string) => ({
  approved: false,
  feedback: 'Not yet.',
  corrections: [correction],
});

/** Answers to everything: each task writes a file of its own, and every review approves. Put special ones before. */
export function answersFor(plan: Plan): ScriptEntry[] {
  return [
    { match: { purpose: 'spec' }, answer: '# The specification\n\nEach task writes a file.\n' },
    { match: { purpose: 'plan' }, answer: plan },
    { match: { purpose: 'refine' }, answer: plan },
    ...plan.tasks.flatMap(({ id }): ScriptEntry[] => [
      { match: { purpose: 'draft', task: id }, answer: fileAnswer(`${id}.txt`, `draft of ${id}`) },
      { match: { purpose: 'correct', task: id }, answer: fileAnswer(`${id}.txt`, `corrected ${id}`) },
    ]),
    { match: { purpose: 'review' }, answer: approval },
  ];
}

export interface LedgerLine {
  event: 'start' | 'end';
  call: string;
  try: number;
  pid: number;
  at: number;
}

/** What the scripted model kept account of. */
export async function ledgerOf(root: string, feature: string): Promise<LedgerLine[]> {
  const path = join(root, '.blueprint', 'features', feature, 'scripted-ledger.jsonl');
  const text = await readFile(path, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LedgerLine);
}

/** Calls that were made more than once, by the ledger. */
export async function repeatedCalls(root: string, feature: string): Promise<string[]> {
  const starts = (await ledgerOf(root, feature)).filter((line) => line.event === 'start');
  return starts.map((line) => line.call).filter((call, index, all) => all.indexOf(call) !== index);
}
