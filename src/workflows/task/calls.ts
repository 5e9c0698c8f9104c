/** The calls of one round of a task: each named by the task and the attempt, and known while it runs. */
import type { Answered, AnsweredCall } from '../../domain/calls/answer.js';
import { checksCall, compareCall, correctCall, draftCall, reviewCall } from '../../domain/calls/call-key.js';
import { draftRole } from '../../domain/models/routing.js';
import type { FileReference } from '../../domain/references.js';
import { type CheckResult, protectedFilesFinding } from '../../domain/tasks/checks.js';
import type {
  CompareWork,
  Correction,
  DraftResult,
  ReviewWork,
  TaskContext,
  TaskPlace,
} from '../../domain/tasks/draft.js';
import { attemptNumber } from '../../domain/tasks/review.js';
import type { TaskRoundInput } from '../../domain/tasks/round.js';
import type { CompareOutcome, ReviewOutcome } from '../../domain/tasks/steps.js';
import type { ModelName, Role } from '../../domain/vocabulary.js';
import type { Journal } from '../journal.js';
import type { ModelNeeds, Models } from '../models.js';
import type { OpenCalls } from '../open-calls.js';
import type { FollowingActivities } from '../options.js';

/** A draft, who wrote it, and what the checks say of it. */
export interface CheckedDraft {
  draft: DraftResult;
  author: ModelName;
  checks: CheckResult[];
}

/** `corrections`: how many have been made in the round. */
export interface RoundCalls {
  draft(corrections: number, how?: DraftHow): Promise<Answered<DraftResult>>;
  runChecks(corrections: number, draft: DraftResult, label?: string): Promise<CheckResult[]>;
  /**
   * @param judged absent for a review task, which judges the branch as it stands
   * @param earlier the review before this one, of the same round
   */
  review(
    corrections: number,
    judged: CheckedDraft | undefined,
    earlier: FileReference | undefined,
  ): Promise<Answered<ReviewOutcome>>;
  /** Of the first drafts, in a race. */
  compare(drafts: CompareWork['drafts']): Promise<Answered<CompareOutcome>>;
  /**
   * Ends every call of the round that was not seen to end.
   *
   * @param label only those of this draft of a race
   */
  end(label?: string): Promise<void>;
}

interface DraftHow {
  /** Absent for a first draft. */
  correct?: Correction | undefined;
  /** Only this model, in a race. */
  racer?: ModelName | undefined;
  onWait?: ModelNeeds['onWait'];
}

interface CallDeps {
  input: TaskRoundInput;
  journal: Pick<Journal, 'note' | 'write'>;
  models: Models;
  activities: FollowingActivities;
  openCalls: OpenCalls;
}

export const createRoundCalls = (deps: CallDeps): RoundCalls => ({
  draft: (corrections, how = {}) => draft(deps, corrections, how),
  runChecks: (corrections, checked, label) => runChecks(deps, corrections, checked, label),
  review: (corrections, judged, earlier) => review(deps, corrections, judged, earlier),
  compare: (drafts) => compare(deps, drafts),
  end: (label) => deps.openCalls.end(label),
});

async function draft(
  deps: CallDeps,
  corrections: number,
  { correct, racer, onWait }: DraftHow,
): Promise<Answered<DraftResult>> {
  const { input, journal, models, openCalls } = deps;
  const { feature, task } = input;
  const purpose = correct === undefined ? 'draft' : 'correct';
  const work = { ...placeOf(input, corrections, racer), context: contextOf(input) };
  const { attempt } = work;
  const role = draftRole(task.type, correct !== undefined);
  const answer = await models.ask<DraftResult>(
    needsOf(input, role, purpose, { only: racer, onWait }),
    (ask) => {
      const call = correct === undefined ? draftCall(ask, work) : correctCall(ask, { ...work, correct });
      const { model, previous } = ask;
      const options = { summary: `${task.id} ${purpose} ${attempt} by ${model}` };
      const asked = { feature, call, model, previous, ...work, correct };
      return openCalls.track(call, () => deps.activities.draft.executeWithOptions(options, [asked]), racer);
    },
  );
  if (answer.ok) {
    const { commit, files, call } = answer;
    journal.note({ kind: 'draft', task: task.id, attempt, commit, files, model: call.model, label: racer });
  }
  return answer;
}

async function runChecks(
  deps: CallDeps,
  corrections: number,
  checked: DraftResult,
  label: string | undefined,
): Promise<CheckResult[]> {
  const { input, journal } = deps;
  const { feature, task, preparation } = input;
  const place = placeOf(input, corrections, label);
  const { attempt } = place;
  const found = protectedFilesFinding(checked.protectedEdits ?? []);
  const note = (results: CheckResult[]) => {
    if (results.length > 0) journal.note({ kind: 'checks', task: task.id, attempt, results, label });
    return results;
  };
  const { commit, base: since } = checked;
  if (commit === undefined || preparation.checks.length === 0) return note(found);
  const call = checksCall(place, commit);
  await journal.write();
  const options = { summary: `${task.id} checks of draft ${attempt}` };
  const work = { feature, call, place: { task: task.id, label }, commit, since, preparation };
  const results = await deps.openCalls.track(
    call,
    () => deps.activities.runChecks.executeWithOptions(options, [work]),
    label,
  );
  return note([...found, ...results]);
}

function review(
  deps: CallDeps,
  corrections: number,
  judged: CheckedDraft | undefined,
  earlier: FileReference | undefined,
): Promise<Answered<ReviewOutcome>> {
  const { input } = deps;
  const { feature, task } = input;
  const work: ReviewWork = {
    ...placeOf(input, corrections),
    context: contextOf(input),
    draft: judged?.draft,
    checks: judged?.checks ?? [],
    reason: input.next?.reason,
    earlier,
  };
  const needs = needsOf(input, 'reviewer', 'review', { author: judged?.author });
  return deps.models.ask<ReviewOutcome>(needs, (ask) => {
    const call = reviewCall(ask, work);
    const { model, previous } = ask;
    const options = { summary: `${task.id} review ${work.attempt} by ${model}` };
    const asked = { feature, call, model, previous, ...work };
    return deps.openCalls.track(call, () => deps.activities.review.executeWithOptions(options, [asked]));
  });
}

function compare(deps: CallDeps, drafts: CompareWork['drafts']): Promise<Answered<CompareOutcome>> {
  const { input } = deps;
  const { feature, task } = input;
  const work = { ...placeOf(input, 0), context: contextOf(input), drafts };
  return deps.models.ask<CompareOutcome>(needsOf(input, 'reviewer', 'compare'), (ask) => {
    const call = compareCall(ask, work);
    const { model, previous } = ask;
    const options = { summary: `${task.id} comparison by ${model}` };
    const asked = { feature, call, model, previous, ...work };
    return deps.openCalls.track(call, () => deps.activities.compare.executeWithOptions(options, [asked]));
  });
}

/** A draft without the call that made it: what later steps are given. */
export function draftOf({
  ok: _ok,
  call: _call,
  ...draft
}: { ok: true; call: AnsweredCall } & DraftResult): DraftResult {
  return draft;
}

/** The number of the draft that is worked on, within its task. */
export const attemptOf = ({ round, config }: TaskRoundInput, corrections: number): number =>
  attemptNumber(round, corrections, config.maxIterations);

const placeOf = (input: TaskRoundInput, corrections: number, label?: string): TaskPlace => ({
  task: input.task,
  attempt: attemptOf(input, corrections),
  label,
});

const contextOf = ({ spec, notes, preparation, featureBase, base }: TaskRoundInput): TaskContext => ({
  spec,
  notes,
  checkCommands: preparation.checks.map((check) => check.command),
  featureBase,
  base,
});

const needsOf = (
  { task, specChars }: TaskRoundInput,
  role: Role,
  purpose: ModelNeeds['purpose'],
  more?: Pick<ModelNeeds, 'author' | 'only' | 'onWait'>,
): ModelNeeds => ({
  role,
  purpose,
  task: task.id,
  contentChars: specChars + task.description.length,
  ...more,
});
