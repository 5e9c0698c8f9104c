/** What a correction starts from: the draft, on the feature's head as it is. */

import type { CommitHash } from '../domain/references.js';
import type { DraftResult } from '../domain/tasks/draft.js';
import type { DraftInput } from '../domain/tasks/steps.js';
import type { WorkScope } from '../feature/scope.js';
import { commitForChecks, mergeDraft } from '../workspace/integrate.js';

export interface Start {
  /** Where the worktree begins; undefined outside git. */
  commit: CommitHash | undefined;
  /** The draft to correct. */
  shown: DraftResult | undefined;
  /** Files with marks of a conflict. */
  collides?: readonly string[];
  /** What the model is told of it. */
  note?: string;
}

/** What a correction is told after a conflict, besides the lines that collide: it is given only what it is to change. */
const marksInPlace =
  'The draft is in place on top of the branch as it is. Where the two collide, the files have both: what the branch has after <<<<<<<, what both began from after |||||||, what the draft has after =======, up to >>>>>>>. Put what both want there, and leave no mark. Lines outside of the marks are right as they are.';
const nothingInPlace =
  'The branch is in place as it is, and nothing of the draft: write all of the draft again, on top of it.';

/** The draft that a correction changes, brought onto the feature's head where that has moved since. */
export async function startOf({ correct, context }: DraftInput, { input }: WorkScope): Promise<Start> {
  const { base } = context;
  if (base === undefined) return { commit: undefined, shown: correct?.from };
  const from = correct?.from;
  if (from?.commit === undefined || from.base === undefined || from.commit === base)
    return { commit: base, shown: from };
  if (from.base === base) return { commit: from.commit, shown: from };
  const merge = await mergeDraft(input.root, { head: base, base: from.base, draft: from.commit });
  if (merge.kind === 'empty') return { commit: base, shown: from };
  if (merge.tree === undefined) return { commit: base, shown: from, note: nothingInPlace };
  const commit = await commitForChecks(input.root, merge.tree, base);
  const start = { commit, shown: { ...from, commit, base } };
  return merge.kind === 'clean' ? start : { ...start, collides: merge.files, note: marksInPlace };
}
