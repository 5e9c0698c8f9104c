/** A race: two models draft side by side; the project's checks judge first, then the supervisor compares. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { because, type Reason } from '../../domain/reasons.js';
import type { DraftResult } from '../../domain/tasks/draft.js';
import { brokenChecks, type CheckResult, judgeRace } from '../../domain/tasks/review.js';
import type { ModelName } from '../../domain/vocabulary.js';
import { failureFor, isHeldBack, reasonOf } from '../failures.js';
import { draftOf, type Round } from './calls.js';

interface Candidate {
  draft: DraftResult;
  author: ModelName;
  checks: CheckResult[];
}

/** @returns the draft that won, with its checks */
export async function race(round: Round, models: readonly ModelName[]): Promise<Candidate> {
  const { task } = round.input;
  round.journal.note({ kind: 'step', task: task.id, step: 'draft', iteration: 0 });
  const runs = await runUntilCertain(round, models);
  const candidates = runs.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const lost = runs.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  // A race is run with both: it goes on when the budget is raised.
  const heldBack = lost.find(isHeldBack);
  if (heldBack !== undefined) throw heldBack;
  for (const reason of lost)
    if (!isCancellation(reason)) round.journal.note({ kind: 'warning', reason: reasonOf(reason) });
  // With one draft there is something to go on with; with none, the first failure says why. A cancellation
  // ends both.
  if (candidates.length === 0) throw lost[0];
  const outcome = judgeRace(
    candidates.map((candidate) => ({ label: candidate.author, broke: brokenCount(candidate) })),
  );
  const judged =
    outcome.kind === 'decided'
      ? { ...outcome, judgedBy: 'checks' as const }
      : { ...(await compare(round, candidates)), judgedBy: 'supervisor' as const };
  await round.journal.write({
    kind: 'race',
    task: task.id,
    selected: judged.selected,
    reason: judged.reason,
    judgedBy: judged.judgedBy,
  });
  const winner = candidates.find((candidate) => candidate.author === judged.selected);
  if (winner === undefined)
    throw new Error(`The race of ${task.id} selected ${judged.selected}, who did not run.`);
  return winner;
}

const brokenCount = ({ checks }: Pick<Candidate, 'checks'>): number => brokenChecks(checks).length;

type Runs = PromiseSettledResult<Candidate>[];

/**
 * Runs all, and nothing longer than the outcome needs it: when one draft passes, a model that would wait for a quota's
 * reset is given up.
 */
async function runUntilCertain(round: Round, models: readonly ModelName[]): Promise<Runs> {
  const { task } = round.input;
  const scopes = new Map(models.map((model) => [model, new CancellationScope()]));
  const waiting = new Set<ModelName>();
  let passes = false;
  const givenUp = new Set<ModelName>();
  const giveUp = () => {
    if (!passes) return;
    for (const model of waiting) {
      if (givenUp.has(model)) continue;
      givenUp.add(model);
      round.journal.note({
        kind: 'warning',
        reason: because('race-goes-on', { model, task: task.id }),
      });
      scopes.get(model)?.cancel();
    }
  };
  const runs = await Promise.allSettled(
    models.map(async (model) => {
      const candidate = await scopes.get(model)?.run(() =>
        run(round, model, () => {
          waiting.add(model);
          giveUp();
          return () => waiting.delete(model);
        }),
      );
      if (candidate === undefined) throw new Error('unreachable: every model has a scope');
      passes ||= brokenCount(candidate) === 0;
      giveUp();
      return candidate;
    }),
  );
  await CancellationScope.nonCancellable(() =>
    Promise.all([...givenUp].map((model) => round.endCalls(model))),
  );
  return runs;
}

async function run(round: Round, model: ModelName, onWait: () => () => void): Promise<Candidate> {
  const answer = await round.draft({ racer: model, onWait });
  if (!answer.ok)
    throw failureFor(because('answer-unusable', { purpose: 'draft', of: model, text: answer.problem }));
  const checks = await round.runChecks(answer, model);
  return { draft: draftOf(answer), author: model, checks };
}

async function compare(round: Round, candidates: Candidate[]): Promise<{ selected: string; reason: Reason }> {
  const green = candidates.filter((candidate) => brokenCount(candidate) === 0);
  const drafts = green.length > 0 ? green : candidates;
  const answer = await round.compare(
    drafts.map(({ draft, author, checks }) => ({ label: author, draft, checks })),
  );
  if (!answer.ok) throw failureFor(because('answer-unusable', { purpose: 'compare', text: answer.problem }));
  return { selected: answer.selected, reason: because('judged-better', { text: answer.reasoning }) };
}
