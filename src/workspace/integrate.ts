/**
 * Approved drafts become commits on the feature's head, one at a time, without any checkout. A commit is known by its
 * trailers, so that one which was made before a kill is found and not made twice.
 */

import { headRef } from '../domain/names.js';
import { Problem } from '../domain/problem.js';
import type { CommitHash } from '../domain/references.js';
import { commitDate, type GitPlace, git } from './git.js';
import { asAuthor, type Person } from './person.js';
import { featureHead, followBranch, moveRef, repositoryPlace } from './repository.js';

type Merge =
  | { kind: 'clean'; tree: string }
  | {
      kind: 'conflict';
      details: string;
      files: string[];
      /** With both sides between marks where they collide; undefined where git had to move a file aside. */
      tree: string | undefined;
    }
  /** The head has all of the draft already. */
  | { kind: 'empty' };

/** Goes to a model as feedback: enough to see what collides. */
const conflictDetailsLimit = 16_000;
/** Lines shown around a conflict. */
const conflictContext = 3;

/** Puts what a draft changed since its base on top of the head, as a tree. Moves and writes nothing but objects. */
export async function mergeDraft(
  root: string,
  { head, base, draft }: { head: CommitHash; base: CommitHash; draft: CommitHash },
): Promise<Merge> {
  const place = await repositoryPlace(root);
  const [before, drafted] = await treesOf(place, [head, draft]);
  // Nothing has come between: the draft is the merge.
  if (head === base) return drafted === before ? { kind: 'empty' } : { kind: 'clean', tree: drafted };
  // Commits with the base as their only parent: it is the merge base then, whatever lies between. (The option
  // --merge-base says the same only from git 2.40 on.)
  const [ours, theirs] = await Promise.all([head, draft].map((commit) => onTopOf(place, base, commit)));
  if (ours === undefined || theirs === undefined) throw new Problem('head-moved', 'The merge has no sides.');
  const merged = await git(
    place,
    ['merge-tree', '--write-tree', '-z', '--name-only', '--messages', ours, theirs],
    { okStatuses: [1] },
  );
  const tree = merged.stdout.split('\0')[0] ?? '';
  if (merged.status === 0) return tree === before ? { kind: 'empty' } : { kind: 'clean', tree };
  return describeConflict(place, merged.stdout, (text) =>
    text.replaceAll(ours, 'the branch').replaceAll(theirs, 'the draft'),
  );
}

async function treesOf(place: GitPlace, commits: [CommitHash, CommitHash]): Promise<[string, string]> {
  const { stdout } = await git(place, ['rev-parse', ...commits.map((commit) => `${commit}^{tree}`)]);
  const [first = '', second = ''] = stdout.split('\n');
  return [first, second];
}

async function onTopOf(place: GitPlace, base: CommitHash, commit: CommitHash): Promise<CommitHash> {
  const args = ['commit-tree', `${commit}^{tree}`, '-p', base, '-m', `side ${commit}`];
  return (await git(place, args, { env: commitDate(0) })).stdout.trim();
}

/** git-merge-tree(1): the tree, the conflicted files, an empty field, then messages of counted fields each. */
async function describeConflict(
  place: GitPlace,
  output: string,
  name: (text: string) => string,
): Promise<Merge> {
  const [tree = '', ...fields] = output.split('\0');
  const end = fields.indexOf('');
  const files = fields.slice(0, end);
  const messages: string[] = [];
  for (let at = end + 1; at < fields.length && fields[at] !== ''; ) {
    const paths = Number(fields[at]);
    const message = fields[at + paths + 2] ?? '';
    if (message.startsWith('CONFLICT')) messages.push(name(message.trim()));
    at += paths + 3;
  }
  const excerpts = await Promise.all(
    files.map(async (file) => {
      const blob = await git(place, ['cat-file', 'blob', `${tree}:${file}`], {
        okStatuses: [128],
        maxBytes: 1024 * 1024,
      });
      const text = conflictRegions(name(blob.stdout));
      return text === '' ? '' : `${file}:\n${text}`;
    }),
  );
  const details = [...messages, ...excerpts.filter((text) => text !== '')].join('\n\n');
  return {
    kind: 'conflict',
    details: details.slice(0, conflictDetailsLimit),
    files,
    tree: files.some((file) => movedAside.test(file)) ? undefined : tree,
  };
}

/** Where one side has a file and the other a folder, the file gets its side's name: such a path is nobody's. */
const movedAside = /~[0-9a-f]{40,64}(_\d+)?$/;

/** The lines between conflict markers and a few around them. */
function conflictRegions(text: string): string {
  const lines = text.split('\n');
  const shown = new Set<number>();
  let inside = false;
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('<<<<<<< ')) inside = true;
    if (!inside) continue;
    for (let near = at - conflictContext; near <= at + conflictContext; near++) shown.add(near);
    if (line.startsWith('>>>>>>> ')) inside = false;
  }
  return lines
    .flatMap((line, at) => {
      if (!shown.has(at)) return [];
      return shown.has(at - 1) || at === 0 ? [line] : ['…', line];
    })
    .join('\n');
}

/** What tells one integration from all others. */
interface IntegrationKey {
  feature: string;
  task: string;
  attempt: number;
}

const trailersOf = ({ feature, task, attempt }: IntegrationKey): string[] => [
  `Blueprint-Feature: ${feature}`,
  `Blueprint-Task: ${task}`,
  `Blueprint-Attempt: ${attempt}`,
];

/** The commit that an integration made, if it did, among those between base and head. */
export async function findIntegrated(
  root: string,
  key: IntegrationKey & { base: CommitHash; head: CommitHash },
): Promise<CommitHash | undefined> {
  if (key.base === key.head) return undefined;
  const place = await repositoryPlace(root);
  const args = ['log', '-z', '--first-parent', '--format=%H%n%B', `${key.base}..${key.head}`];
  const { stdout } = await git(place, args);
  const wanted = trailersOf(key).join('\n');
  for (const entry of stdout.split('\0')) {
    const [hash = '', ...message] = entry.split('\n');
    // Only the last paragraph counts: a title or body, which a model may have written, cannot pose as it.
    if (message.join('\n').trimEnd().split('\n\n').at(-1) === wanted) return hash;
  }
  return undefined;
}

/**
 * The commit that an integration made, if it did; its branch follows, which a kill in between may have kept from it.
 *
 * @param key.head where the feature stands
 */
export async function resumeIntegration(
  root: string,
  key: IntegrationKey & { base: CommitHash; head: CommitHash },
): Promise<CommitHash | undefined> {
  const found = await findIntegrated(root, key);
  if (found !== undefined) await followBranch(root, key.feature, key.head);
  return found;
}

interface Integration extends IntegrationKey {
  title: string;
  body: string;
  /** The merged tree. */
  tree: string;
  /** Where the feature must stand: the head that the tree was merged with. */
  head: CommitHash;
  /** The workflow's time in ms since the epoch. */
  at: number;
  /** A person who changed the draft by hand; Blueprint is the committer in any case. */
  author?: Person | undefined;
}

/**
 * Makes the commit, moves the feature's head to it, and lets the branch follow. Called again with the same values
 * it finds the commit, wherever the earlier call was killed. A caller that merges anew looks first with
 * `resumeIntegration`.
 *
 * @throws Problem when the feature stands elsewhere
 */
export async function commitIntegration(root: string, integration: Integration): Promise<CommitHash> {
  const { feature, tree, head, at, author } = integration;
  const place = await repositoryPlace(root);
  const args = ['commit-tree', tree, '-p', head, '-F', '-'];
  const options = { input: messageOf(integration), env: { ...commitDate(at), ...asAuthor(author) } };
  const commit = (await git(place, args, options)).stdout.trim();
  if (await moveRef(root, headRef(feature), commit, head)) {
    await followBranch(root, feature, commit, head);
    return commit;
  }
  // An earlier call may have moved it, before it was killed.
  const found = await findSince(root, integration);
  if (found !== undefined) return found;
  throw new Problem(
    'head-moved',
    `The feature ${feature} does not stand at ${head} any more, so ${integration.task} must be merged again.`,
  );
}

/** Looks between the head that the integration began from and the one that is. */
async function findSince(root: string, integration: Integration): Promise<CommitHash | undefined> {
  const { feature, task, attempt, head: base } = integration;
  const head = await featureHead(root, feature);
  if (head === undefined)
    throw new Problem(
      'head-moved',
      `The feature ${feature} has no ref ${headRef(feature)} in the repository.`,
    );
  return resumeIntegration(root, { feature, task, attempt, base, head });
}

/** A title of one line, the body, and the trailers as a paragraph of their own. */
function messageOf(integration: Integration): string {
  const clean = (text: string) => text.replace(/\r\n?/g, '\n').replace(/(?![\n\t])\p{Cc}/gu, '');
  const title = clean(integration.title).replace(/\s+/g, ' ').trim() || integration.task;
  const body = clean(integration.body).trim();
  const paragraphs = [title, ...(body === '' ? [] : [body]), trailersOf(integration).join('\n')];
  return `${paragraphs.join('\n\n')}\n`;
}

/** A commit that no ref points at, so that a worktree can check a merged tree before it is integrated. */
export async function commitForChecks(root: string, tree: string, head: CommitHash): Promise<CommitHash> {
  const place = await repositoryPlace(root);
  const args = ['commit-tree', tree, '-p', head, '-m', 'To be checked'];
  return (await git(place, args, { env: commitDate(0) })).stdout.trim();
}
