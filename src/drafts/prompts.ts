/** The prompts of drafts and corrections: one for each type of task, and for each mode. */

import { Problem } from '../domain/problem.js';
import type { FileReference } from '../domain/references.js';
import type { Findings } from '../domain/tasks/draft.js';
import type { DraftInput } from '../domain/tasks/steps.js';
import type { Mode } from '../domain/vocabulary.js';
import { readArtifact } from '../feature/artifacts.js';
import type { WorkScope } from '../feature/scope.js';
import { parseReview } from '../models/answers/review.js';
import { formatCorrections, formatReason, formatTask } from '../models/prompts/format.js';
import type { Prompt } from '../models/prompts/slots.js';
import { conventionsFor, describeRepository, filesFor } from '../prompt-context/repository.js';
import type { AskSlots } from '../questions/ask.js';
import { aboutTask, describeChecks, notesFor, showDraft } from '../questions/task-context.js';
import type { Start } from './start.js';

async function taskSlots({ task, context }: DraftInput, scope: WorkScope) {
  return {
    task: formatTask(task),
    spec: await readArtifact(scope.directory, context.spec),
    notes: await notesFor(scope, context),
  };
}

export async function draftPrompt(
  input: DraftInput,
  mode: Mode,
  scope: WorkScope,
  asked: AskSlots,
): Promise<Prompt> {
  const { task, context } = input;
  const about = await aboutTask(scope, context.spec, task.description);
  const slots = {
    ...(await taskSlots(input, scope)),
    repository: await describeRepository(scope, context.base),
    files: await filesFor(scope, context.base, about),
    ...asked,
  };
  const withChecks = { ...slots, checks: context.checkCommands.join('\n') };
  switch (task.type) {
    case 'architecture':
      return { name: 'draft-architecture', slots };
    case 'boilerplate':
      return { name: mode === 'edit' ? 'draft-boilerplate-edit' : 'draft-boilerplate', slots: withChecks };
    case 'code':
      return { name: mode === 'edit' ? 'draft-code-edit' : 'draft-code', slots: withChecks };
    case 'review':
      throw new Problem('nothing-to-draft', 'A review task judges the branch and drafts nothing.');
  }
}

export async function correctPrompt(
  input: DraftInput,
  mode: Mode,
  findings: Findings,
  { shown: draft, note }: Start,
  scope: WorkScope,
  asked: AskSlots,
): Promise<Prompt> {
  const shown = draft === undefined ? undefined : await showDraft(scope, draft);
  const slots = {
    ...(await taskSlots(input, scope)),
    draft: shown?.draft ?? '',
    reason: [findings.reason && formatReason(findings.reason), note].filter(Boolean).join('\n\n'),
    corrections: await corrections(scope, findings.review),
    ...asked,
  };
  if (input.task.type === 'architecture') return { name: 'correct-architecture', slots };
  return {
    name: mode === 'edit' ? 'correct-edit' : 'correct',
    slots: {
      ...slots,
      conventions: await conventionsFor(scope, draft?.commit ?? input.context.base, shown?.changed ?? []),
      files: shown?.files ?? '',
      checks: await describeChecks(scope, findings.checks),
    },
  };
}

async function corrections({ directory }: WorkScope, review: FileReference | undefined): Promise<string> {
  if (review === undefined) return '';
  const read = parseReview(await readArtifact(directory, review));
  return read.ok ? formatCorrections(read.review) : '';
}
