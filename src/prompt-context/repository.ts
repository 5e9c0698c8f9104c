/** What a project says of itself, and the files that a text is about. */
import type { FeatureInput } from '../domain/feature/types.js';
import type { CommitHash } from '../domain/references.js';
import type { Part, Piece } from '../models/prompts/part.js';
import { filesAt } from '../workspace/contents.js';
import { filesBytes, nothing, rank, readFiles } from './files.js';
import { layoutOf } from './layout.js';
import { importedFiles, namedFiles, nearConventions, testsOf } from './related.js';

/** In lines: a reader of it looks for folders and names; 400 are a few thousand tokens. Fewer where room is short. */
const layoutLines = [400, 150, 50] as const;
/** Where projects write down how work is done in them. */
const conventionFiles = ['AGENTS.md', 'CLAUDE.md', 'CONTRIBUTING.md'];
/** What a project says of itself, where there is room for it. */
const readme = 'README.md';
/** In bytes: conventions are read in full by people, who do not write longer ones. */
const conventionBytes = 12_000;

/** The project's layout, and what it says of itself; empty outside git. */
export async function describeRepository(
  { input }: { input: Pick<FeatureInput, 'root'> },
  commit: CommitHash | undefined,
): Promise<Part> {
  if (commit === undefined) return nothing;
  const paths = await filesAt(input.root, commit);
  const [most, ...fewer] = layoutLines.map((lines) => `Files:\n${layoutOf(paths, lines)}`);
  if (most === undefined) throw new Error('unreachable: the layout has a length');
  const layout: Piece = { name: 'the list of files', rank: rank.layout, forms: [most, ...fewer] };
  const { root } = input;
  const conventions = await readFiles(root, commit, conventionFiles, conventionBytes, rank.conventions);
  const about = await readFiles(root, commit, [readme], conventionBytes - conventions.bytes, rank.readme);
  return {
    pieces: [layout, ...conventions.pieces, ...about.pieces],
    leftOut: [...conventions.leftOut, ...about.leftOut],
  };
}

/** The conventions that hold for some files: for whoever judges or corrects a change of them. */
export async function conventionsFor(
  { input: { root } }: { input: Pick<FeatureInput, 'root'> },
  commit: CommitHash | undefined,
  files: readonly string[],
): Promise<Part> {
  if (commit === undefined) return nothing;
  const near = nearConventions(files, new Set(await filesAt(root, commit)));
  return readFiles(root, commit, [...conventionFiles, ...near], conventionBytes, rank.conventions);
}

/**
 * The files that a text names, as the commit has them, with the conventions of their folders, their tests, and what
 * they import. Their tests show how tests are written here; what they import is what the text's author had in mind.
 */
export async function filesFor(
  { input }: { input: Pick<FeatureInput, 'root'> },
  commit: CommitHash | undefined,
  text: string,
): Promise<Part> {
  if (commit === undefined) return nothing;
  const { root } = input;
  const paths = await filesAt(root, commit);
  const all = new Set(paths);
  const named = namedFiles(text, paths);
  const conventions = nearConventions(named, all);
  const rules = await readFiles(root, commit, conventions, conventionBytes, rank.conventions);
  const files = await readFiles(root, commit, without(named, conventions), filesBytes, rank.named);
  const tests = named.flatMap((path) => testsOf(path, paths));
  const imported = files.read.flatMap(({ path, content }) => importedFiles(path, content, all));
  const related = without([...tests, ...imported], [...named, ...conventions]);
  // What is not named is not missed where it has no room.
  const more = await readFiles(root, commit, related, filesBytes - files.bytes, rank.related);
  return {
    pieces: [...rules.pieces, ...files.pieces, ...more.pieces],
    leftOut: [...rules.leftOut, ...files.leftOut],
  };
}

const without = (paths: readonly string[], others: readonly string[]): string[] =>
  [...new Set(paths)].filter((path) => !others.includes(path));

/** How long the project's description, and the files that a text names, are as prompts show them; in bytes. */
export async function measureRepository(
  input: Pick<FeatureInput, 'root' | 'base'>,
  text: string,
): Promise<{ repository: number; files: number }> {
  const [repository, files] = await Promise.all([
    describeRepository({ input }, input.base),
    filesFor({ input }, input.base, text),
  ]);
  return { repository: partBytes(repository), files: partBytes(files) };
}

const partBytes = ({ pieces }: Part): number =>
  pieces.reduce((sum, { forms: [whole] }) => sum + Buffer.byteLength(whole), 0);
