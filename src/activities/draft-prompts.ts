/** The prompts of drafts and corrections: one for each type of task, and for each mode. */

import { Problem } from '../domain/problem.js';
import type { FileReference } from '../domain/references.js';
import type { Mode } from '../domain/vocabulary.js';
import { readArtifact } from '../feature/artifacts.js';
import { parseReview } from '../models/answers/review.js';
import { formatCorrections, formatTask } from '../models/prompts/format.js';
import { renderPrompt } from '../models/prompts/index.js';
import { type Again, ownPrompts } from './ask.js';
import type { Following } from './following.js';
import { describeChecks, describeRepository, filesFor, notesFor, showDraft } from './material.js';
import type { DraftInput, DraftResult, Findings } from './types.js';

async function taskSlots({ task, context }: DraftInput, follow: Following) {
  return {
    task: formatTask(task),
    spec: await readArtifact(follow.directory, context.spec),
    notes: await notesFor(follow, context),
  };
}

export async function draftPrompt(
  input: DraftInput,
  mode: Mode,
  follow: Following,
  again: Again,
): Promise<string> {
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
      return renderPrompt(
        mode === 'edit' ? 'draft-boilerplate-edit' : 'draft-boilerplate',
        withChecks,
        ownPrompts(follow),
      );
    case 'code':
      return renderPrompt(mode === 'edit' ? 'draft-code-edit' : 'draft-code', withChecks, ownPrompts(follow));
    case 'review':
      throw new Problem('A review task judges the branch and drafts nothing.');
  }
}

/** @param draft what is corrected, as the worktree has it */
export async function correctPrompt(
  input: DraftInput,
  mode: Mode,
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
    mode === 'edit' ? 'correct-edit' : 'correct',
    { ...slots, files: shown?.files ?? '', checks: await describeChecks(follow, findings.checks) },
    ownPrompts(follow),
  );
}

async function corrections({ directory }: Following, review: FileReference | undefined): Promise<string> {
  if (review === undefined) return '';
  const read = parseReview(await readArtifact(directory, review));
  return read.ok ? formatCorrections(read.review) : '';
}
