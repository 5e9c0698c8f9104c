/** What lies between two commits, as a prompt shows it. */
import type { CommitHash } from '../domain/references.js';
import type { Part, Piece } from '../models/prompts/part.js';
import { diffOf } from '../workspace/contents.js';
import { filesBytes, rank, readFiles } from './files.js';

/** In bytes, about 50,000 tokens: a change that is longer is no task's. */
const diffBytes = 200_000;

export interface ShownChange {
  /** What it changes, or its text where it changes no files. */
  draft: string | Part;
  /** The changed files as it leaves them. */
  files: Part;
  /** Changed paths. */
  changed: string[];
}

/** What lies between two commits. */
export async function showChange(root: string, from: CommitHash, to: CommitHash): Promise<ShownChange> {
  const diff = await diffOf(root, from, to, diffBytes);
  const files = await readFiles(root, to, diff.files, filesBytes, rank.changed);
  return { draft: diffPart(diff), files, changed: diff.files };
}

/** A diff, a piece for each file. */
function diffPart({ text, truncated, files }: Awaited<ReturnType<typeof diffOf>>): Part {
  const texts = text.split(/^(?=diff --git )/m).filter((one) => one !== '');
  const pieces = texts.map((one, index): Piece => {
    const cut =
      truncated && index === texts.length - 1 ? '\n[The rest of this file’s difference is left out.]' : '';
    const [header = ''] = one.split('\n', 1);
    return {
      name: header.replace(/^diff --git a\/.* b\//, ''),
      rank: rank.diff,
      forms: [`${one.trimEnd()}${cut}`],
    };
  });
  const headers = texts.map((one) => `${one.split('\n', 1)[0]} `);
  const leftOut = files.filter(
    (path) => !headers.some((header) => header.includes(` a/${path} `) || header.includes(` b/${path} `)),
  );
  return { pieces, leftOut: truncated ? leftOut : [] };
}
