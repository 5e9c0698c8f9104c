/** A race: two models draft side by side; the project's checks judge first, then the supervisor compares. */
import type { DraftResult } from '../activities/types.js';
import { brokenChecks, type CheckResult, judgeRace } from '../domain/supervision.js';
import type { ModelName, Role } from '../domain/vocabulary.js';
import { isHeldBack } from './budget.js';
import { reasonOf } from './failures.js';
import { draftOf, type Round } from './task-calls.js';

interface Candidate {
  draft: DraftResult;
  author: ModelName;
  checks: CheckResult[];
}

/** @returns the draft that won, with its checks */
export async function race(round: Round, models: readonly ModelName[], role: Role): Promise<Candidate> {
  const { task } = round.input;
  round.journal.note({ kind: 'step', task: task.id, step: 'draft', iteration: 0 });
  const runs = await Promise.allSettled(models.map((model) => run(round, model, role)));
  const candidates = runs.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const lost = runs.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  // A race is run with both: it goes on when the budget is raised.
  const heldBack = lost.find(isHeldBack);
  if (heldBack !== undefined) throw heldBack;
  for (const reason of lost) round.journal.note({ kind: 'warning', message: reasonOf(reason) });
  // With one draft there is something to go on with; with none, the first failure says why. A cancellation
  // ends both.
  if (candidates.length === 0) throw lost[0];
  const outcome = judgeRace(
    candidates.map((candidate) => ({
      label: candidate.author,
      broke: brokenChecks(candidate.checks).length,
    })),
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

async function run(round: Round, model: ModelName, role: Role): Promise<Candidate> {
  const answer = await round.draft({ role, racer: model });
  if (!answer.ok) throw new Error(`The draft of ${model} could not be used: ${answer.problem}`);
  return { draft: draftOf(answer), author: model, checks: await round.runChecks(answer, model) };
}

async function compare(round: Round, candidates: Candidate[]): Promise<{ selected: string; reason: string }> {
  const answer = await round.compare(
    candidates.map(({ draft, author, checks }) => ({ label: author, draft, checks })),
  );
  if (!answer.ok) throw new Error(`The comparison could not be used: ${answer.problem}`);
  return { selected: answer.selected, reason: answer.reasoning };
}
