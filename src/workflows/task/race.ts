/** A race: two models draft side by side; the project's checks judge first, then the supervisor compares. */
import { because, type Reason } from '../../domain/reasons.js';
import { brokenChecks } from '../../domain/tasks/checks.js';
import { judgeRace, type Racer } from '../../domain/tasks/review.js';
import type { ModelName } from '../../domain/vocabulary.js';
import { failureFor, isHeldBack, reasonOf } from '../failures.js';
import type { Scope } from '../runtime.js';
import { type CheckedDraft, draftOf } from './calls.js';
import type { Round } from './round.js';

/** @returns the draft that won */
export async function race(round: Round, models: readonly ModelName[]): Promise<CheckedDraft> {
  const { journal, input } = round;
  const task = input.task.id;
  journal.note({ kind: 'step', task, step: 'draft', iteration: 0 });
  const results = await runUntilCertain(round, models);
  const drafts = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const lost = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  // A race is run with both: it goes on when the budget is raised.
  const heldBack = lost.find(isHeldBack);
  if (heldBack !== undefined) throw heldBack;
  for (const error of lost)
    if (!round.runtime.isCancellation(error)) journal.note({ kind: 'warning', reason: reasonOf(error) });
  const [first, ...others] = drafts;
  // With one draft there is something to go on with; with none, the first failure says why. A cancellation
  // ends both.
  if (first === undefined) throw lost[0];
  const judged = await judge(round, first, others);
  await journal.write({ kind: 'race', task, ...judged });
  const winner = drafts.find((draft) => draft.author === judged.selected);
  if (winner === undefined)
    throw new Error(`The race of ${task} selected ${judged.selected}, who did not run.`);
  return winner;
}

interface Judgement {
  selected: string;
  reason: Reason;
  judgedBy: 'checks' | 'supervisor';
}

async function judge(round: Round, first: CheckedDraft, others: CheckedDraft[]): Promise<Judgement> {
  const outcome = judgeRace([racerOf(first), ...others.map(racerOf)]);
  if (outcome.kind === 'decided')
    return { selected: outcome.selected, reason: outcome.reason, judgedBy: 'checks' };
  const drafts = [first, ...others].filter(({ author }) => outcome.labels.includes(author));
  const answer = await round.calls.compare(
    drafts.map(({ draft, author, checks }) => ({ label: author, draft, checks })),
  );
  if (!answer.ok) throw failureFor(because('answer-unusable', { purpose: 'compare', text: answer.problem }));
  const reason = because('judged-better', { text: answer.reasoning });
  return { selected: answer.selected, reason, judgedBy: 'supervisor' };
}

const racerOf = ({ author, checks }: CheckedDraft): Racer => ({
  label: author,
  broke: brokenChecks(checks).length,
});

/**
 * Runs all, and nothing longer than the outcome needs it: when one draft passes, a model that would wait for a quota's
 * reset is given up.
 */
async function runUntilCertain(
  round: Round,
  models: readonly ModelName[],
): Promise<PromiseSettledResult<CheckedDraft>[]> {
  const { runtime, calls } = round;
  /** A draft is there that passes the checks. */
  let passes = false;
  /** Models that wait for their quota's reset just now, each with what ends its draft. */
  const waiting = new Map<ModelName, Scope>();
  const givenUp = new Set<ModelName>();
  const giveUpWaiting = () => {
    if (!passes) return;
    for (const [model, scope] of waiting) {
      if (givenUp.has(model)) continue;
      givenUp.add(model);
      const reason = because('race-goes-on', { model, task: round.input.task.id });
      round.journal.note({ kind: 'warning', reason });
      scope.cancel();
    }
  };
  const run = async (model: ModelName): Promise<CheckedDraft> => {
    const scope = runtime.scope();
    const onWait = () => {
      waiting.set(model, scope);
      giveUpWaiting();
      return () => void waiting.delete(model);
    };
    const draft = await scope.run(() => draftFor(round, model, onWait));
    passes ||= racerOf(draft).broke === 0;
    giveUpWaiting();
    return draft;
  };
  const results = await Promise.allSettled(models.map(run));
  await runtime.uncancelled(() => Promise.all([...givenUp].map((model) => calls.end(model))));
  return results;
}

async function draftFor(round: Round, model: ModelName, onWait: () => () => void): Promise<CheckedDraft> {
  const answer = await round.calls.draft(0, { racer: model, onWait });
  if (!answer.ok)
    throw failureFor(because('answer-unusable', { purpose: 'draft', of: model, text: answer.problem }));
  const draft = draftOf(answer);
  return { draft, author: model, checks: await round.calls.runChecks(0, draft, model) };
}
