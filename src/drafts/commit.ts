/** What stands in a worktree, as a draft: a commit on a ref of its own, and its files in `partial/`. */
import { draftRef } from '../domain/names.js';
import type { CommitHash, FileReference } from '../domain/references.js';
import type { DraftResult, TaskPlace } from '../domain/tasks/draft.js';
import { protectedEdits } from '../domain/tasks/protection.js';
import type { savePartial } from '../feature/partial.js';
import type { WorkScope } from '../feature/scope.js';
import { readAt } from '../workspace/contents.js';
import { snapshot } from '../workspace/draft.js';

/** Paths that the history keeps of a draft; all of them are in its commit. */
export const keptPaths = 50;
/** Files that `partial/` keeps of a draft, and the size of one; all of them are in its commit. */
const partialFiles = 50;
const partialFileBytes = 1_000_000;

/** Keeps a part of a draft in `partial/`. */
export type SavePart = (content: Parameters<typeof savePartial>[4]) => Promise<FileReference[]>;

/**
 * Commits a worktree, once: an attempt that comes later finds the commit that is there.
 *
 * @param worktree absolute
 * @param base the commit that the draft changes
 */
export async function commitDraft(
  worktree: string,
  { task, attempt, label }: TaskPlace,
  base: CommitHash,
  { input, scheduledAt }: WorkScope,
  savePart: SavePart,
): Promise<DraftResult> {
  const { commit, files, touched } = await snapshot(worktree, {
    root: input.root,
    ref: draftRef(input.feature, task.id, attempt, label),
    parent: base,
    message: `${task.id} draft ${attempt}: ${task.title}`,
    at: scheduledAt,
  });
  const kept = await textFilesOf(input.root, commit, files);
  const outputs = kept.length === 0 ? [] : await savePart({ files: kept });
  const edits = protectedEdits(touched, input.config.protect, task).slice(0, keptPaths);
  const found = edits.length === 0 ? {} : { protectedEdits: edits };
  return { commit, base, label, files: files.slice(0, keptPaths), outputs, ...found };
}

/** What `partial/` keeps of a commit's changed files. */
async function textFilesOf(
  root: string,
  commit: CommitHash,
  paths: readonly string[],
): Promise<{ path: string; content: string }[]> {
  const files: { path: string; content: string }[] = [];
  for (const path of paths.slice(0, partialFiles)) {
    const found = await readAt(root, commit, path, partialFileBytes);
    if (found !== undefined && !found.binary) files.push({ path, content: found.text });
  }
  return files;
}
