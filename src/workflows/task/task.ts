/**
 * One bounded round of one task: draft, checks, review, corrections. It never waits for a person: it returns an
 * outcome, and a person's decision starts the next round.
 */
import { CancellationScope, isCancellation, setCurrentDetails } from '@temporalio/workflow';
import { roundPage } from '../../domain/pages.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { FileReference } from '../../domain/references.js';
import type { DraftResult, Findings } from '../../domain/tasks/draft.js';
import { brokenChecks, type CheckResult, redChecks, verdict } from '../../domain/tasks/review.js';
import type { TaskRoundInput, TaskRoundOutcome } from '../../domain/tasks/round.js';
import type { ReviewOutcome } from '../../domain/tasks/steps.js';
import type { ModelName } from '../../domain/vocabulary.js';
import { failureFor, isHeldBack, reasonOf } from '../failures.js';
import { createRound, draftOf, type Round } from './calls.js';
import { race } from './race.js';

export async function taskWorkflow(input: TaskRoundInput): Promise<TaskRoundOutcome> {
  const round = createRound(input);
  const outcome = await runRound(round);
  return { ...outcome, absences: round.absences() };
}

async function runRound(round: Round): Promise<TaskRoundOutcome> {
  try {
    const outcome = await superviseRound(round);
    await round.journal.write();
    return outcome;
  } catch (error) {
    if (isHeldBack(error)) {
      // The call that was held back is not ended: the same one is made when the budget is raised.
      await round.journal.write();
      return {
        kind: 'budget',
        reason: reasonOf(error),
        iterations: round.iterations,
        answers: round.answers(),
      };
    }
    // A stop must leave no process behind: an attempt that was never dispatched again would keep its own.
    await CancellationScope.nonCancellable(async () => {
      await round.endCalls();
      await round.journal.write();
    });
    if (isCancellation(error)) return { kind: 'stopped' };
    return { kind: 'failed', reason: reasonOf(error), iterations: round.iterations };
  }
}

/** What is on the table: a draft, who wrote it, and what the checks say of it. */
interface Candidate {
  draft: DraftResult;
  author: ModelName | undefined;
  checks: CheckResult[];
}

async function superviseRound(round: Round): Promise<TaskRoundOutcome> {
  const { config } = round.input;
  let candidate = await firstCandidate(round);
  let earlier: FileReference | undefined;
  for (;;) {
    const judged = await judge(round, candidate, earlier);
    if (!judged.ok)
      return round.failed(because('answer-unusable', { purpose: 'review', text: judged.problem }));
    const { review } = judged;
    const end = verdict(review, candidate?.checks ?? [], round.iterations, config.maxIterations);
    if (end.kind !== 'correct') return ended(round, end.kind, candidate, judged);
    earlier = judged.file;
    round.iterations = end.iteration;
    const findings: Findings = { review: judged.file, checks: brokenChecks(candidate?.checks ?? []) };
    const from = candidate?.draft ?? {
      commit: round.input.base,
      base: round.input.base,
      files: [],
      outputs: [],
    };
    const corrected = await correct(round, from, findings);
    if (!corrected.ok) return round.failed(unusable(round, 'correct', corrected.problem));
    candidate = corrected.candidate;
  }
}

/** The draft that the round begins with; undefined for a review task, which judges the branch as it stands. */
async function firstCandidate(round: Round): Promise<Candidate | undefined> {
  const { task, next, config } = round.input;
  if (next !== undefined) {
    const corrected = await correct(round, next.from, { checks: [], reason: next.reason });
    if (!corrected.ok) throw failureFor(unusable(round, 'correct', corrected.problem));
    return corrected.candidate;
  }
  if (task.type === 'review') return undefined;
  const racers = config.race[task.type];
  if (racers !== undefined && racers.length === 2) return race(round, racers);
  showStep(round, 'draft');
  const answer = await round.draft();
  if (!answer.ok) throw failureFor(unusable(round, 'draft', answer.problem));
  return checked(round, answer, answer.call.model);
}

async function checked(round: Round, answer: DraftResult, author: ModelName): Promise<Candidate> {
  const draft = draftOf(answer);
  showStep(round, 'checks');
  return { draft, author, checks: await round.runChecks(draft) };
}

async function judge(round: Round, candidate: Candidate | undefined, earlier: FileReference | undefined) {
  showStep(round, 'review');
  const answer = await round.review(candidate?.draft, candidate?.checks ?? [], candidate?.author, earlier);
  if (!answer.ok) return answer;
  round.journal.note({
    kind: 'review',
    task: round.input.task.id,
    attempt: round.attempt(),
    ...answer.review,
    model: answer.call.model,
    sameAsAuthor: answer.call.model === candidate?.author,
    files: answer.files,
  });
  return answer;
}

async function correct(
  round: Round,
  from: DraftResult,
  findings: Findings,
): Promise<{ ok: true; candidate: Candidate } | { ok: false; problem: string }> {
  showStep(round, 'correct');
  const answer = await round.draft({ correct: { from, findings } });
  if (!answer.ok) return answer;
  round.journal.note({
    kind: 'correction',
    task: round.input.task.id,
    iteration: round.iterations,
    of: round.input.config.maxIterations,
    model: answer.call.model,
  });
  return { ok: true, candidate: await checked(round, answer, answer.call.model) };
}

function ended(
  round: Round,
  kind: 'approved' | 'manual',
  candidate: Candidate | undefined,
  judged: ReviewOutcome,
): TaskRoundOutcome {
  const end = {
    iterations: round.iterations,
    model: candidate?.author,
    draft: {
      attempt: round.attempt(),
      commit: candidate?.draft.commit,
      files: candidate?.draft.files ?? [],
      outputs: [...(candidate?.draft.outputs ?? []), judged.file],
      base: round.input.base,
      label: candidate?.draft.label,
    },
  };
  if (kind === 'approved') return { kind, ...end };
  round.journal.note({ kind: 'unapproved', task: round.input.task.id, iterations: round.iterations });
  return { kind: 'unapproved', reason: whyUnapproved(judged, candidate), ...end };
}

const unusable = (round: Round, purpose: 'draft' | 'correct', text: string): Reason =>
  because('answer-unusable', { purpose, of: round.input.task.id, text });

const whyUnapproved = ({ review }: ReviewOutcome, candidate: Candidate | undefined): Reason =>
  because('unapproved', {
    checks: redChecks(candidate?.checks ?? []),
    text: review.approved ? undefined : (review.corrections[0] ?? review.feedback),
  });

/** Tells the journal, and a person who looks in Temporal's own UI, what goes on. */
function showStep(round: Round, step: string): void {
  const { task, config } = round.input;
  const of = config.maxIterations;
  setCurrentDetails(roundPage({ task, round: round.input.round, step, iteration: round.iterations, of }));
  round.journal.note({
    kind: 'step',
    task: task.id,
    step,
    iteration: round.iterations,
    of,
  });
}
