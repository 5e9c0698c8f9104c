/** Drafts and corrections: a model's answer becomes files in the task's worktree and a commit on a ref of its own. */

import { access } from 'node:fs/promises';
import { draftRef } from '../domain/names.js';
import type { Task } from '../domain/plan.js';
import { Problem } from '../domain/problem.js';
import type { CommitHash, FileReference } from '../domain/references.js';
import type { Role, TaskType } from '../domain/vocabulary.js';
import { readArtifact } from '../feature/artifacts.js';
import { type PartialKind, savePartial } from '../feature/partial.js';
import { documentOf } from '../models/answers/document.js';
import { parseFiles } from '../models/answers/files.js';
import { parseReview } from '../models/answers/review.js';
import { formatCorrections, formatTask } from '../models/prompts/format.js';
import { renderPrompt } from '../models/prompts/index.js';
import { readAt, sameTree } from '../workspace/contents.js';
import { applyAnswer, snapshot } from '../workspace/draft.js';
import { commitForChecks, mergeDraft } from '../workspace/integrate.js';
import { personOf } from '../workspace/person.js';
import { DraftProblem } from '../workspace/problems.js';
import { prepareWorktree, worktreePath } from '../workspace/worktree.js';
import { type Again, ask, ownPrompts, type Question, type Reading } from './ask.js';
import type { WorkerContext } from './context.js';
import { type Following, following } from './following.js';
import { describeChecks, describeRepository, filesFor, notesFor, showDraft } from './material.js';
import type { Activities, DraftInput, DraftResult, Findings, TaskPlace } from './types.js';

/** Paths that the history keeps of a draft; all of them are in its commit. */
export const keptPaths = 50;
/** Files that `partial/` keeps of a draft, and the size of one; all of them are in its commit. */
const partialFiles = 50;
const partialFileBytes = 1_000_000;

const draftRoles: Record<TaskType, Role> = {
  architecture: 'architect',
  boilerplate: 'boilerplate',
  code: 'coder',
  review: 'corrector',
};

export const createDraft = (worker: WorkerContext): Activities['draft'] =>
  following(worker, async (input: DraftInput, follow) => {
    // What the correction starts from is settled first: the prompt shows it, and the answer is applied to it.
    const start = await startOf(input, follow);
    return ask(input, follow, questionOf(input, follow, start), (text) => keep(text, input, follow, start));
  });

/** The draft that a correction changes, brought onto the feature's head where that has moved since. */
async function startOf({ correct, context }: DraftInput, { input }: Following): Promise<Start> {
  const { base } = context;
  if (base === undefined) return { commit: undefined, shown: correct?.from };
  const from = correct?.from;
  if (from?.commit === undefined || from.base === undefined || from.commit === base)
    return { commit: base, shown: from };
  if (from.base === base) return { commit: from.commit, shown: from };
  const merge = await mergeDraft(input.root, { head: base, base: from.base, draft: from.commit });
  // What conflicts is shown as it was, and written again on the head as it is.
  if (merge.kind !== 'clean') return { commit: base, shown: from };
  const commit = await commitForChecks(input.root, merge.tree, base);
  return { commit, shown: { ...from, commit, base } };
}

interface Start {
  /** Where the worktree begins; undefined outside git. */
  commit: CommitHash | undefined;
  /** The draft to correct. */
  shown: DraftResult | undefined;
}

function questionOf(input: DraftInput, follow: Following, start: Start): Question {
  const { task, label, correct } = input;
  const purpose = correct === undefined ? 'draft' : 'correct';
  return {
    name: [task.id, purpose, ...(label === undefined ? [] : [label])].join('-'),
    purpose,
    role: correct === undefined ? draftRoles[task.type] : 'corrector',
    task: task.id,
    prompt: (again) =>
      correct === undefined
        ? draftPrompt(input, follow, again)
        : correctPrompt(input, correct.findings, start.shown, follow, again),
  };
}

async function taskSlots({ task, context }: DraftInput, follow: Following) {
  return {
    task: formatTask(task),
    spec: await readArtifact(follow.directory, context.spec),
    notes: await notesFor(follow, context),
  };
}

async function draftPrompt(input: DraftInput, follow: Following, again: Again): Promise<string> {
  const { task, context } = input;
  const slots = {
    ...(await taskSlots(input, follow)),
    repository: await describeRepository(follow, context.base),
    files: await filesFor(follow, context.base, context.spec, task.description),
    ...again,
  };
  const withChecks = { ...slots, checks: context.checkCommands.join('\n') };
  switch (task.type) {
    case 'architecture':
      return renderPrompt('draft-architecture', slots, ownPrompts(follow));
    case 'boilerplate':
      return renderPrompt('draft-boilerplate', withChecks, ownPrompts(follow));
    case 'code':
      return renderPrompt('draft-code', withChecks, ownPrompts(follow));
    case 'review':
      throw new Problem('A review task judges the branch and drafts nothing.');
  }
}

async function correctPrompt(
  input: DraftInput,
  findings: Findings,
  draft: DraftResult | undefined,
  follow: Following,
  again: Again,
): Promise<string> {
  const shown = draft === undefined ? undefined : await showDraft(follow, draft);
  const slots = {
    ...(await taskSlots(input, follow)),
    draft: shown?.draft ?? '',
    reason: findings.reason ?? '',
    corrections: await corrections(follow, findings.review),
    ...again,
  };
  if (input.task.type === 'architecture')
    return renderPrompt('correct-architecture', slots, ownPrompts(follow));
  return renderPrompt(
    'correct',
    { ...slots, files: shown?.files ?? '', checks: await describeChecks(follow, findings.checks) },
    ownPrompts(follow),
  );
}

async function corrections({ directory }: Following, review: FileReference | undefined): Promise<string> {
  if (review === undefined) return '';
  const read = parseReview(await readArtifact(directory, review));
  return read.ok ? formatCorrections(read.review) : '';
}

/** The answer's files, as a draft; or what is wrong with them, for the model. */
async function keep(
  text: string,
  input: DraftInput,
  follow: Following,
  start: Start,
): Promise<Reading<DraftResult>> {
  const { task, attempt, label, context } = input;
  const kind: PartialKind = input.correct !== undefined ? 'corrected' : partialKind(task);
  const savePart = (content: Parameters<typeof savePartial>[4]) =>
    savePartial(follow.directory, task.id, kind, attempt, content, label);
  if (task.type === 'architecture') {
    const outputs = await savePart({ text: `${documentOf(text).trim()}\n`, extension: 'md' });
    return { ok: true, files: [], outputs };
  }
  const answer = parseFiles(text);
  if (!answer.ok) return answer;
  if (start.commit === undefined || context.base === undefined) {
    if (answer.diffs.length > 0) return { ok: false, problem: 'Give each file whole, not as a diff.' };
    const outputs = await savePart({ files: answer.files });
    return { ok: true, files: answer.files.map((file) => file.path).slice(0, keptPaths), outputs };
  }
  const { root, instance, feature } = follow.input;
  const worktree = await prepareWorktree(
    { root, instance, feature, task: task.id, ...(label === undefined ? {} : { label }) },
    start.commit,
  );
  try {
    await applyAnswer(worktree, answer);
  } catch (error) {
    if (error instanceof DraftProblem) return { ok: false, problem: error.message };
    throw error;
  }
  return { ok: true, ...(await commitDraft(worktree, input, context.base, follow, savePart)) };
}

const partialKind = ({ type }: Task): PartialKind => (type === 'review' ? 'corrected' : type);

type SavePart = (content: Parameters<typeof savePartial>[4]) => Promise<FileReference[]>;

async function commitDraft(
  worktree: string,
  { feature, task, attempt, label }: TaskPlace,
  base: CommitHash,
  { input, scheduledAt }: Following,
  savePart: SavePart,
): Promise<DraftResult> {
  const { commit, files } = await snapshot(worktree, {
    root: input.root,
    ref: draftRef(feature, task.id, attempt, label),
    parent: base,
    message: `${task.id} draft ${attempt}: ${task.title}`,
    at: scheduledAt,
  });
  const kept = await textFilesOf(input.root, commit, files);
  const outputs = kept.length === 0 ? [] : await savePart({ files: kept });
  return { commit, base, label, files: files.slice(0, keptPaths), outputs };
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

/** The draft that stands in the task's worktree, with what a person changed in it. */
export const createTakeWorktree = (worker: WorkerContext): Activities['takeWorktree'] =>
  following(worker, async (input, follow) => {
    const { root, instance, feature } = follow.input;
    const { task, attempt, draft, opening } = input;
    const place = draft.label === undefined ? {} : { label: draft.label };
    const worktree = worktreePath({ root, instance, feature, task: task.id, ...place });
    const isThere = await access(worktree).then(
      () => true,
      () => false,
    );
    // The draft is a commit: a worktree that is lost loses nothing but what was changed in it by hand.
    if (!isThere || draft.base === undefined) return draft;
    // Each opening has a ref of its own: who changed the worktree again is not given what was taken before.
    const label = opening === undefined ? 'approved' : `approved-${opening}`;
    const taken = await commitDraft(
      worktree,
      { feature, task, attempt, label },
      draft.base,
      follow,
      (content) => savePartial(follow.directory, task.id, 'corrected', attempt, content),
    );
    if (draft.commit === undefined || taken.commit === undefined) return taken;
    if (await sameTree(root, draft.commit, taken.commit)) return { ...taken, changed: false };
    return { ...taken, changed: true, author: await personOf(root) };
  });
