/** Reading commits: what differs, which files there are, what one holds. Always bounded. */
import type { CommitHash } from '../domain/references.js';
import { git } from './git.js';
import { repositoryPlace } from './repository.js';

/** git looks for a NUL in as many first bytes to call a file binary (buffer_is_binary). */
const binaryProbe = 8_000;

/**
 * The difference between two commits as a unified diff.
 *
 * @param maxBytes of the text; what is cut off ends at a whole line
 * @returns `files`: every path that differs, also those whose text is cut off
 */
export async function diffOf(
  root: string,
  from: CommitHash,
  to: CommitHash,
  maxBytes: number,
): Promise<{ text: string; truncated: boolean; files: string[] }> {
  const place = await repositoryPlace(root);
  const plain = ['-r', '--no-ext-diff', '--no-textconv'];
  const [diff, files] = await Promise.all([
    git(place, ['diff-tree', '-p', '-M', ...plain, '--src-prefix=a/', '--dst-prefix=b/', from, to], {
      maxBytes,
    }),
    pathsBetween(root, from, to),
  ]);
  const text = diff.truncated ? diff.stdout.slice(0, diff.stdout.lastIndexOf('\n') + 1) : diff.stdout;
  return { text, truncated: diff.truncated, files };
}

/** Every path that differs between two commits; a renamed file counts with both its names. */
export async function pathsBetween(root: string, from: CommitHash, to: CommitHash): Promise<string[]> {
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to];
  const { stdout } = await git(await repositoryPlace(root), args);
  return stdout.split('\0').filter((path) => path !== '');
}

interface Listing {
  files: string[];
  submodules: string[];
}

/** Whether two commits hold the same files. */
export async function sameTree(root: string, one: CommitHash, other: CommitHash): Promise<boolean> {
  const trees = await git(await repositoryPlace(root), ['rev-parse', `${one}^{tree}`, `${other}^{tree}`]);
  const [first, second] = trees.stdout.split('\n');
  return first === second;
}

/** Commits never change, and the same few are asked about again and again: by prompts, reviews and drafts. */
const listings = new Map<string, Promise<Listing>>();
/** More than a feature works on at once; the list of a large repository is some megabytes. */
const listingsKept = 16;

/** The files of a commit, without symbolic links and submodules. */
export const filesAt = async (root: string, commit: CommitHash): Promise<string[]> =>
  (await listingOf(root, commit)).files;

/** Where submodules belong in a commit. */
export const submodulesAt = async (root: string, commit: CommitHash): Promise<string[]> =>
  (await listingOf(root, commit)).submodules;

function listingOf(root: string, commit: CommitHash): Promise<Listing> {
  const key = `${root}\0${commit}`;
  const listing = listings.get(key) ?? list(root, commit);
  // The last used are kept.
  listings.delete(key);
  listings.set(key, listing);
  const [oldest] = listings.keys();
  if (listings.size > listingsKept && oldest !== undefined) listings.delete(oldest);
  listing.catch(() => listings.delete(key));
  return listing;
}

async function list(root: string, commit: CommitHash): Promise<Listing> {
  const place = await repositoryPlace(root);
  const { stdout } = await git(place, ['ls-tree', '-r', '-z', commit]);
  const entries = stdout.split('\0');
  const pathsOf = (mode: string) =>
    entries.filter((entry) => entry.startsWith(mode)).map((entry) => entry.slice(entry.indexOf('\t') + 1));
  // A name that is no UTF-8 cannot be asked for.
  return { files: pathsOf('100').filter((path) => !path.includes('\ufffd')), submodules: pathsOf('160000 ') };
}

/**
 * What a file holds in a commit.
 *
 * @param maxBytes what is longer is cut off at a whole line, where it has lines
 * @returns undefined where there is no such file; an empty text for a binary one
 */
export async function readAt(
  root: string,
  commit: CommitHash,
  path: string,
  maxBytes: number,
): Promise<{ text: string; truncated: boolean; binary: boolean } | undefined> {
  if (!(await filesAt(root, commit)).includes(path)) return undefined;
  const place = await repositoryPlace(root);
  const { stdout, truncated } = await git(place, ['cat-file', 'blob', `${commit}:${path}`], { maxBytes });
  if (stdout.slice(0, binaryProbe).includes('\0')) return { text: '', truncated, binary: true };
  const end = truncated ? stdout.lastIndexOf('\n') + 1 : 0;
  return { text: end > 0 ? stdout.slice(0, end) : stdout, truncated, binary: false };
}
