/** What the history of a feature's branch promises, looked at with git alone. */
import { expect } from '@jest/globals';

type Git = (...args: string[]) => Promise<string>;

/**
 * The commits of a branch, oldest first; fails unless each stands on the one before and on nothing else.
 *
 * @param base where the branch begins
 */
export async function linearHistory(git: Git, base: string, branch: string): Promise<string[]> {
  const log = await git('log', '--reverse', '--format=%H %P', `${base}..${branch}`);
  const commits: string[] = [];
  for (const entry of log.split('\n').filter((line) => line !== '')) {
    const [commit = '', ...parents] = entry.split(' ');
    expect(parents).toEqual([commits.at(-1) ?? base]);
    commits.push(commit);
  }
  return commits;
}

/** Each path of a commit with its mode and content. */
async function entriesOf(git: Git, commit: string): Promise<Map<string, string>> {
  const entries = (await git('ls-tree', '-r', '-z', commit)).split('\0').filter((one) => one !== '');
  return new Map(entries.map((one) => [one.slice(one.indexOf('\t') + 1), one]));
}

/** The paths that differ between two commits, in mode or content. */
export async function changedPaths(git: Git, from: string, to: string): Promise<string[]> {
  const [before, after] = await Promise.all([entriesOf(git, from), entriesOf(git, to)]);
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path));
}

/**
 * A draft's change is in the commit that it was integrated by: a file that only the draft has changed since its base
 * is as the draft has it, and what it has not touched stays as it was before the commit.
 */
export async function expectKept(
  git: Git,
  draft: { base: string; commit: string },
  integrated: string,
): Promise<void> {
  const [from, drafted, before, after] = await Promise.all(
    [draft.base, draft.commit, `${integrated}^`, integrated].map((commit) => entriesOf(git, commit)),
  );
  const changed = await changedPaths(git, draft.base, draft.commit);
  for (const path of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? []), ...changed])) {
    if (!changed.includes(path)) expect([path, after?.get(path)]).toEqual([path, before?.get(path)]);
    else if (before?.get(path) === from?.get(path))
      expect([path, after?.get(path)]).toEqual([path, drafted?.get(path)]);
  }
}
