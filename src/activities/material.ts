/** What prompts are made from: the project's layout and conventions, files, notes, diffs. Always bounded. */
import type { FeatureInput } from '../domain/feature.js';
import type { CommitHash, FileReference } from '../domain/references.js';
import type { CheckResult } from '../domain/supervision.js';
import { readArtifact } from '../feature/artifacts.js';
import { formatChecks, formatFiles, namedFiles } from '../models/prompts/format.js';
import { diffOf, filesAt, readAt } from '../workspace/contents.js';
import { outputEnd } from './checks.js';
import type { DraftResult, TaskContext } from './types.js';

interface Place {
  input: FeatureInput;
  directory: string;
}

/** A larger project's layout is cut: what matters of it stands in the files that the spec names. */
const listedFiles = 400;
/** Where projects write down how work is done in them. */
const conventionFiles = ['AGENTS.md', 'CLAUDE.md', 'CONTRIBUTING.md', 'README.md'];
/** In bytes: conventions are read in full by people, who do not write longer ones. */
const conventionBytes = 12_000;
/** In bytes: together they leave room for the specification in a model's context. */
const fileBytes = 40_000;
const filesBytes = 120_000;
const diffBytes = 200_000;

/** The project's layout, and what it says of itself; empty outside git. */
export async function describeRepository(
  { input }: Pick<Place, 'input'>,
  commit: CommitHash | undefined,
): Promise<string> {
  if (commit === undefined) return '';
  const paths = await filesAt(input.root, commit);
  const shown = paths.slice(0, listedFiles).join('\n');
  const more = paths.length > listedFiles ? `\n… and ${paths.length - listedFiles} more` : '';
  const conventions = await readFiles(input.root, commit, conventionFiles, conventionBytes);
  return [`Files:\n${shown}${more}`, formatFiles(conventions)].filter((part) => part !== '').join('\n\n');
}

/** The files that the specification and the task name, as the commit has them. */
export async function filesFor(
  { input, directory }: Place,
  commit: CommitHash | undefined,
  spec: FileReference,
  description: string,
): Promise<string> {
  if (commit === undefined) return '';
  const text = `${description}\n${await readArtifact(directory, spec)}`;
  const named = namedFiles(text, await filesAt(input.root, commit));
  return formatFiles(await readFiles(input.root, commit, named, filesBytes));
}

/** The notes of the architecture tasks that a task builds on. */
export async function notesFor({ directory }: Place, { notes }: TaskContext): Promise<string> {
  const texts = await Promise.all(notes.map((note) => readArtifact(directory, note)));
  return texts.join('\n\n');
}

export interface ShownDraft {
  /** What it changes, or its text where it changes no files. */
  draft: string;
  /** The changed files as it leaves them. */
  files: string;
  /** Changed paths. */
  changed: string[];
}

/** A draft, for whoever judges or corrects it. */
export async function showDraft({ input, directory }: Place, result: DraftResult): Promise<ShownDraft> {
  const { commit, base, outputs } = result;
  if (commit === undefined || base === undefined) {
    const files = await Promise.all(
      outputs.map(async (output) => ({ path: output.path, content: await readArtifact(directory, output) })),
    );
    const only = files.length === 1 ? files[0]?.content : undefined;
    return { draft: only ?? formatFiles(files), files: '', changed: result.files };
  }
  return showChange(input.root, base, commit);
}

/** What lies between two commits. */
export async function showChange(root: string, from: CommitHash, to: CommitHash): Promise<ShownDraft> {
  const diff = await diffOf(root, from, to, diffBytes);
  const cut = diff.truncated ? '\n… the rest of the difference is left out: it is too long' : '';
  return {
    draft: `${diff.text}${cut}`,
    files: formatFiles(await readFiles(root, to, diff.files, filesBytes)),
    changed: diff.files,
  };
}

/** Text files, in order, until the limit is reached. */
async function readFiles(
  root: string,
  commit: CommitHash,
  paths: readonly string[],
  limitBytes: number,
): Promise<{ path: string; content: string }[]> {
  const files: { path: string; content: string }[] = [];
  let left = limitBytes;
  for (const path of paths) {
    if (left <= 0) break;
    const found = await readAt(root, commit, path, Math.min(left, fileBytes));
    if (found === undefined || found.binary) continue;
    left -= Buffer.byteLength(found.text);
    files.push({ path, content: found.truncated ? `${found.text}\n… the rest is left out\n` : found.text });
  }
  return files;
}

/** What the checks said, with the end of what they printed. */
export async function describeChecks({ directory }: Place, checks: readonly CheckResult[]): Promise<string> {
  const outputs = await Promise.all(
    checks.map(async (check) => [check.name, await outputEnd(directory, check)] as const),
  );
  return formatChecks(checks, Object.fromEntries(outputs));
}
