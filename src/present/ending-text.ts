/** What a command that followed a feature says at its end. Pure. */
import type { OpenGate } from '../domain/feature/gates.js';
import type { FeatureResult } from '../domain/feature/outcome.js';
import type { FeatureStatus } from '../domain/feature/status.js';
import { type Reason, sameReason } from '../domain/reasons.js';
import { satisfies } from '../domain/tasks/states.js';
import { reasonText } from './reasons.js';
import { resultLines as changeLines } from './result-text.js';
import { callsLine, nextSteps, reasons, standing } from './status-text.js';
import { count } from './words.js';

export interface EndingContext {
  /** The commit that the feature was built on; undefined outside git. */
  base: string | undefined;
  /** What the plan that waits will take. */
  toCome?: readonly string[];
  /** Where the drafts are, for a folder that is no repository. */
  partial: string;
  /** What there is to decide about, at the result gate. */
  result?: FeatureResult | undefined;
}

/** The feature's result, or what it waits for and what can be done. */
export function endingLines(status: FeatureStatus, context: EndingContext): string[] {
  if (status.phase === 'done') return ['', ...resultLines(status, context), callsLine(status.calls)];
  const gates = status.gates.map(
    (gate) => `Waits for you at the gate ${gate.gate}: ${reasonText(gate.reason)}`,
  );
  const waiting = status.waiting;
  const other =
    waiting === undefined || status.gates.some((gate) => sameReason(gate.reason, waiting))
      ? []
      : [`Waits for you: ${reasonText(waiting)}`];
  return [
    '',
    `${status.name}: ${standing(status)}${progress(status)}`,
    ...gates,
    ...(context.toCome ?? []),
    ...other,
    ...(context.result === undefined ? [] : ['', ...changeLines(context.result, status.branch)]),
    // Those that wait for the same as a gate have been told of.
    ...reasons({
      ...status,
      tasks: status.tasks.filter(({ reason }) => !status.gates.some((gate) => isSaidBy(gate, reason))),
    }),
    '',
    callsLine(status.calls),
    ...nextSteps(status),
  ];
}

/** What the budget holds back waits for the budget's gate. */
const isSaidBy = ({ reason }: OpenGate, other: Reason | undefined): boolean =>
  sameReason(reason, other) || (reason.code === 'budget-held' && sameReason(reason.params.why, other));

function progress({ tasks }: FeatureStatus): string {
  if (tasks.length === 0) return '';
  const done = tasks.filter((task) => satisfies(task.state)).length;
  return done === 0 ? `, ${count(tasks.length, 'task')}` : `, ${done} of ${count(tasks.length, 'task')} done`;
}

function resultLines(
  { name, branch, head, verified, tasks }: FeatureStatus,
  { base, partial }: EndingContext,
): string[] {
  const skipped = tasks.filter((task) => task.state === 'skipped').map((task) => task.id);
  const without = skipped.length === 0 ? [] : [`Without: ${skipped.join(', ')} (skipped)`];
  if (head === undefined || base === undefined)
    return [`Feature: ${name}`, ...without, `Drafts: ${partial} (no git repository, so nothing was applied)`];
  return [
    `Feature: ${name}`,
    `Branch: ${branch}`,
    `Head: ${head}`,
    `Checks: ${verified ? 'verified' : 'unverified'}`,
    ...without,
    `Look at it: git log --stat ${base.slice(0, 10)}..${branch}`,
    `            git diff ${base.slice(0, 10)}..${branch}`,
    `Take it:    blueprint merge ${name}`,
    `            blueprint export ${name}`,
  ];
}
