/** Drafts and corrections: a model's answer becomes files in the task's worktree and a commit on a ref of its own. */

import type { Answered } from '../domain/calls/answer.js';
import { draftRole } from '../domain/models/routing.js';
import { draftRef } from '../domain/names.js';
import { isProblem } from '../domain/problem.js';
import type { DraftResult } from '../domain/tasks/draft.js';
import type { Task } from '../domain/tasks/plan.js';
import type { DraftInput } from '../domain/tasks/steps.js';
import type { Mode, Role } from '../domain/vocabulary.js';
import { type PartialKind, savePartial } from '../feature/partial.js';
import type { WorkScope } from '../feature/scope.js';
import { adapterFor } from '../models/adapters/index.js';
import { documentOf } from '../models/answers/document.js';
import { parseFiles } from '../models/answers/files.js';
import { ask, type OpenQuestion, type Reading } from '../questions/ask.js';
import { refuseConflictMarks } from '../workspace/conflict-marks.js';
import { applyAnswer, differsFrom } from '../workspace/draft.js';
import { readRef } from '../workspace/repository.js';
import { prepareWorktree, type WorktreeKey, worktreePath } from '../workspace/worktree.js';
import { commitDraft, keptPaths, type SavePart } from './commit.js';
import { correctPrompt, draftPrompt } from './prompts.js';
import { type Start, startOf } from './start.js';

/** Has a model draft or correct, and keeps what it made. */
export async function makeDraft(input: DraftInput, scope: WorkScope): Promise<Answered<DraftResult>> {
  // What the correction starts from is settled first: the prompt shows it, and the answer is applied to it.
  const start = await startOf(input, scope);
  const mode = modeOf(input, scope, start);
  return ask(input, scope, questionOf(input, mode, scope, start), (text) =>
    mode === 'edit' ? keepEdits(input, scope, start) : keep(text, input, scope, start),
  );
}

const roleOf = ({ task, correct }: DraftInput): Role => draftRole(task.type, correct !== undefined);

/** Edits need a worktree to be made in, and a model that can: what cannot gives its files as text. */
function modeOf(input: DraftInput, { input: { config } }: WorkScope, start: Start): Mode {
  const role = roleOf(input);
  if (start.commit === undefined || input.task.type === 'architecture') return 'text';
  if (role !== 'boilerplate' && role !== 'coder' && role !== 'corrector') return 'text';
  const can = adapterFor(input.model, config.script).modes;
  return can.includes(config.modes[role]) ? config.modes[role] : 'text';
}

function questionOf(input: DraftInput, mode: Mode, scope: WorkScope, start: Start): OpenQuestion {
  const { task, correct } = input;
  const { commit } = start;
  const purpose = correct === undefined ? 'draft' : 'correct';
  const key = worktreeKey(input, scope);
  // Whatever an earlier try left in the worktree is gone before the next one begins.
  const prepare = async () => {
    const bring = { share: scope.input.config.share };
    if (commit !== undefined) await prepareWorktree(key, commit, { bring });
  };
  return {
    purpose,
    role: roleOf(input),
    ...(mode === 'edit' ? { edit: { path: worktreePath(key), prepare } } : {}),
    // What decides for other tasks is written with the code in sight.
    ...(task.type === 'architecture' && correct === undefined && commit !== undefined
      ? { reads: { path: worktreePath(key), prepare } }
      : {}),
    task: task.id,
    prompt: (again) =>
      correct === undefined
        ? draftPrompt(input, mode, scope, again)
        : correctPrompt(input, mode, correct.findings, start, scope, again),
  };
}

/** The answer's files, as a draft; or what is wrong with them, for the model. */
async function keep(
  text: string,
  input: DraftInput,
  scope: WorkScope,
  start: Start,
): Promise<Reading<DraftResult>> {
  const { task, context } = input;
  const savePart = partSaver(input, scope);
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
  const worktree = await prepareWorktree(worktreeKey(input, scope), start.commit);
  const { base } = context;
  return unlessDraftProblem<DraftResult>(async () => {
    await applyAnswer(worktree, answer);
    await refuseConflictMarks(worktree, start.collides ?? []);
    return { ok: true, ...(await commitDraft(worktree, input, base, scope, savePart)) };
  });
}

/** What the command made of the worktree, as a draft; or what is wrong with it, for the model. */
async function keepEdits(input: DraftInput, scope: WorkScope, start: Start): Promise<Reading<DraftResult>> {
  const { base } = input.context;
  if (start.commit === undefined || base === undefined)
    throw new Error('unreachable: edits are made in a worktree');
  const { commit } = start;
  const worktree = worktreePath(worktreeKey(input, scope));
  return unlessDraftProblem<DraftResult>(async () => {
    if (!(await isKept(input, scope))) {
      if (!(await differsFrom(worktree, scope.input.root, commit)))
        return { ok: false, problem: 'No file was changed. Edit the files in the working directory.' };
      await refuseConflictMarks(worktree, start.collides ?? []);
    }
    return { ok: true, ...(await commitDraft(worktree, input, base, scope, partSaver(input, scope))) };
  });
}

/** An earlier attempt of the activity has taken the snapshot; the worktree may be another's meanwhile. */
const isKept = async ({ task, attempt, label }: DraftInput, { input }: WorkScope): Promise<boolean> =>
  (await readRef(input.root, draftRef(input.feature, task.id, attempt, label))) !== undefined;

async function unlessDraftProblem<T>(work: () => Promise<Reading<T>>): Promise<Reading<T>> {
  try {
    return await work();
  } catch (error) {
    if (isProblem(error, 'draft-unusable')) return { ok: false, problem: error.message };
    throw error;
  }
}

function worktreeKey({ task, label }: DraftInput, { input }: WorkScope): WorktreeKey {
  const { root, instance, feature } = input;
  return { root, instance, feature, task: task.id, ...(label === undefined ? {} : { label }) };
}

function partSaver({ task, attempt, label, correct }: DraftInput, { directory }: WorkScope): SavePart {
  const kind = correct !== undefined ? 'corrected' : partialKind(task);
  return (content) => savePartial(directory, task.id, kind, attempt, content, label);
}

const partialKind = ({ type }: Task): PartialKind => (type === 'review' ? 'corrected' : type);
