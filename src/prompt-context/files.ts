/** A commit's files as prompts show them: bounded, cut where they say so, named where they are left out. */
import type { CommitHash } from '../domain/references.js';
import { formatFiles } from '../models/prompts/format.js';
import type { Part, Piece } from '../models/prompts/part.js';
import { filesAt, readAt } from '../workspace/contents.js';

/** In bytes, about 10,000 tokens: a longer file is read in part by people too. */
const fileBytes = 40_000;
/** In bytes: where less is left, a file that is longer is left out and not cut. */
const shortestBytes = 5_000;
/** In bytes, about 30,000 tokens: with a diff, half of the 200,000 that the smallest of the large models take. */
export const filesBytes = 120_000;

/** What is given up last comes first. */
export const rank = {
  diff: 0,
  conventions: 1,
  named: 2,
  layout: 3,
  readme: 4,
  related: 5,
  changed: 6,
} as const;

/** Where there is nothing to show. */
export const nothing: Part = { pieces: [] };

interface ReadFiles extends Part {
  leftOut: string[];
  read: { path: string; content: string }[];
  bytes: number;
}

/** Text files, in order, until the limit is reached. A file that is cut says so; the others are named. */
export async function readFiles(
  root: string,
  commit: CommitHash,
  paths: readonly string[],
  limitBytes: number,
  rankOfAll: number,
): Promise<ReadFiles> {
  const pieces: Piece[] = [];
  const leftOut: string[] = [];
  const read: ReadFiles['read'] = [];
  const all = new Set(await filesAt(root, commit));
  let left = limitBytes;
  for (const path of paths.filter((one) => all.has(one))) {
    const found = left <= 0 ? undefined : await readAt(root, commit, path, Math.min(left, fileBytes));
    // The first lines of a file would pass for all that matters in it.
    if (found === undefined || (found.truncated && left < shortestBytes)) {
      leftOut.push(path);
      continue;
    }
    if (found.binary) continue;
    left -= Buffer.byteLength(found.text);
    const cut = found.truncated ? '\n[The rest of this file is left out: it is too long.]' : '';
    pieces.push({
      name: path,
      rank: rankOfAll,
      forms: [`${formatFiles([{ path, content: found.text }])}${cut}`],
    });
    read.push({ path, content: found.text });
  }
  return { pieces, leftOut, read, bytes: limitBytes - left };
}
