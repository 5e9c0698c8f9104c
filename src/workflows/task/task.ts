/**
 * One bounded round of one task: draft, checks, review, corrections. It never waits for a person: it returns an
 * outcome, and a person's decision starts the next round.
 */
import { defineSignal, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { Answered } from '../../domain/calls/answer.js';
import { signalNames } from '../../domain/feature/protocol.js';
import { clearUnavailable, foundSince } from '../../domain/models/unavailable.js';
import { roundPage } from '../../domain/pages.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { FileReference } from '../../domain/references.js';
import { brokenChecks, redChecks } from '../../domain/tasks/checks.js';
import type { DraftResult, Findings } from '../../domain/tasks/draft.js';
import type { OpenDraft } from '../../domain/tasks/record.js';
import { verdict } from '../../domain/tasks/review.js';
import type { RoundOutcome, TaskRoundInput, TaskRoundOutcome } from '../../domain/tasks/round.js';
import type { ReviewOutcome } from '../../domain/tasks/steps.js';
import { failureFor, isHeldBack, reasonOf } from '../failures.js';
import { createJournal } from '../journal.js';
import { createModels, type Models } from '../models.js';
import { createOpenCalls } from '../open-calls.js';
import { followingActivities } from '../options.js';
import { temporal } from '../runtime.js';
import { attemptOf, type CheckedDraft, createRoundCalls, draftOf } from './calls.js';
import { race } from './race.js';
import type { Round } from './round.js';

/** The feature's workflow passes it on. */
const resume = defineSignal(signalNames.resume);

export async function taskWorkflow(input: TaskRoundInput): Promise<TaskRoundOutcome> {
  const { feature, config, preparation, answers } = input;
  const journal = createJournal(feature);
  const unavailable = { ...input.unavailable };
  /** How often a person has had the feature go on since the round began. */
  let resumes = 0;
  setHandler(resume, () => {
    clearUnavailable(unavailable);
    resumes++;
  });
  const models = createModels({ config, preparation, unavailable, answers, resumes: () => resumes }, journal);
  const activities = followingActivities({
    embedded: input.embedded,
    callSeconds: config.callSeconds,
  });
  const openCalls = createOpenCalls(activities, feature);
  const calls = createRoundCalls({ input, journal, models, activities, openCalls });
  const outcome = await runRound({ input, journal, runtime: temporal, calls }, models);
  return { ...outcome, unavailable: foundSince(input.unavailable ?? {}, unavailable) };
}

async function runRound(round: Round, models: Pick<Models, 'answers'>): Promise<RoundOutcome> {
  const { journal, calls, runtime } = round;
  try {
    const outcome = await reviewAndCorrect(round);
    await journal.write();
    return outcome;
  } catch (error) {
    if (isHeldBack(error)) {
      // The call that was held back is not ended: the same one is made when the budget is raised.
      await journal.write();
      return { kind: 'budget', reason: reasonOf(error), answers: models.answers() };
    }
    // A stop must leave no process behind: an attempt that was never dispatched again would keep its own.
    await runtime.uncancelled(async () => {
      await calls.end();
      await journal.write();
    });
    return runtime.isCancellation(error) ? { kind: 'stopped' } : { kind: 'failed', reason: reasonOf(error) };
  }
}

async function reviewAndCorrect(round: Round): Promise<RoundOutcome> {
  const { maxIterations } = round.input.config;
  let checked = await firstDraft(round);
  let earlier: FileReference | undefined;
  for (let corrections = 0; ; corrections++) {
    const judged = await review(round, corrections, checked, earlier);
    const checks = checked?.checks ?? [];
    const next = verdict(judged.review, checks, corrections, maxIterations);
    if (next.kind !== 'correct') return ended(round, corrections, next.kind, checked, judged);
    earlier = judged.file;
    const findings: Findings = { review: judged.file, checks: brokenChecks(checks) };
    checked = await correct(round, next.iteration, checked?.draft ?? branchOf(round), findings);
  }
}

/** The draft that the round begins with; undefined for a review task, which judges the branch as it stands. */
async function firstDraft(round: Round): Promise<CheckedDraft | undefined> {
  const { task, next, config } = round.input;
  if (next !== undefined) return correct(round, 0, next.from, { checks: [], reason: next.reason });
  if (task.type === 'review') return undefined;
  if (config.racers !== undefined) return race(round, config.racers);
  showStep(round, 0, 'draft');
  return checkedDraft(round, 0, usable(round, 'draft', await round.calls.draft(0)));
}

/** The branch as it stands, for a correction of what is there already. */
const branchOf = ({ input: { base } }: Round): DraftResult =>
  base === undefined ? { files: [], outputs: [] } : { commit: base, base, files: [], outputs: [] };

async function correct(
  round: Round,
  corrections: number,
  from: DraftResult,
  findings: Findings,
): Promise<CheckedDraft> {
  const { input, journal } = round;
  showStep(round, corrections, 'correct');
  const answer = usable(
    round,
    'correct',
    await round.calls.draft(corrections, { correct: { from, findings } }),
  );
  journal.note({
    kind: 'correction',
    task: input.task.id,
    iteration: corrections,
    of: input.config.maxIterations,
    model: answer.call.model,
  });
  return checkedDraft(round, corrections, answer);
}

/** @throws ApplicationFailure for an answer that could not be used, however often it was asked for */
function usable<T>(
  { input }: Round,
  purpose: 'draft' | 'correct',
  answer: Answered<T>,
): Answered<T> & { ok: true } {
  if (answer.ok) return answer;
  throw failureFor(because('answer-unusable', { purpose, of: input.task.id, text: answer.problem }));
}

async function checkedDraft(
  round: Round,
  corrections: number,
  answer: Answered<DraftResult> & { ok: true },
): Promise<CheckedDraft> {
  const draft = draftOf(answer);
  showStep(round, corrections, 'checks');
  return { draft, author: answer.call.model, checks: await round.calls.runChecks(corrections, draft) };
}

async function review(
  round: Round,
  corrections: number,
  checked: CheckedDraft | undefined,
  earlier: FileReference | undefined,
): Promise<ReviewOutcome> {
  showStep(round, corrections, 'review');
  const answer = await round.calls.review(corrections, checked, earlier);
  if (!answer.ok) throw failureFor(because('answer-unusable', { purpose: 'review', text: answer.problem }));
  const { model } = answer.call;
  round.journal.note({
    kind: 'review',
    task: round.input.task.id,
    attempt: attemptOf(round.input, corrections),
    ...answer.review,
    model,
    sameAsAuthor: model === checked?.author,
    files: answer.files,
  });
  return answer;
}

function ended(
  { input, journal }: Round,
  corrections: number,
  kind: 'approved' | 'manual',
  checked: CheckedDraft | undefined,
  judged: ReviewOutcome,
): RoundOutcome {
  const { protectedEdits: _, ...made } = checked?.draft ?? { files: [], outputs: [] };
  const outputs = [...made.outputs, judged.file];
  const draft: OpenDraft = { ...made, attempt: attemptOf(input, corrections), outputs };
  if (kind === 'approved') return { kind, draft };
  journal.note({ kind: 'unapproved', task: input.task.id, iterations: corrections });
  return { kind: 'unapproved', reason: whyUnapproved(judged, checked), draft };
}

const whyUnapproved = ({ review }: ReviewOutcome, checked: CheckedDraft | undefined): Reason =>
  because('unapproved', {
    checks: redChecks(checked?.checks ?? []),
    text: review.approved ? undefined : (review.corrections[0] ?? review.feedback),
  });

/** Tells the journal, and a person who looks in Temporal's own UI, what goes on. */
function showStep({ input, journal }: Round, iteration: number, step: string): void {
  const { task, round } = input;
  const of = input.config.maxIterations;
  setCurrentDetails(roundPage({ task, round, step, iteration, of }));
  journal.note({ kind: 'step', task: task.id, step, iteration, of });
}
