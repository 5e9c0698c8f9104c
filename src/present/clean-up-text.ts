/** What `blueprint clean` is about to remove, for a person who decides. Pure. */
import type { FeatureRemains } from '../domain/feature/outcome.js';
import { bytes, count } from './words.js';

/** @param shown a path as the person sees it */
export function remainsLines(remains: FeatureRemains, shown: (path: string) => string): string[] {
  const { directory, calls, worktrees, refs, branch, unmerged } = remains;
  const drafts = refs.filter((ref) => !ref.endsWith('/head')).length;
  return [
    `What is removed of ${remains.name}:`,
    `  ${shown(directory.path)}: specification, plan, journal, ${count(calls, 'call')} (${bytes(directory.bytes)})`,
    ...worktrees.map((tree) => `  the worktree ${tree.path} (${bytes(tree.bytes)})`),
    ...(branch === undefined ? [] : [`  the branch ${branch}`]),
    ...(refs.length === 0
      ? []
      : [
          `  ${count(refs.length, 'ref')} below refs/blueprint/${remains.name}/, ${drafts} of them drafts and what was rewound`,
        ]),
    ...(unmerged.length === 0
      ? []
      : [
          `  ${count(unmerged.length, 'commit')} that no other branch has: ${unmerged
            .slice(0, 5)
            .map((hash) => hash.slice(0, 10))
            .join(', ')}${unmerged.length > 5 ? ' …' : ''}`,
        ]),
  ];
}
