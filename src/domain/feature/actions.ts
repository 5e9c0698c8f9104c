/** What a person can do with a feature just now, as data: a menu, a page, a report make their words of it. Pure. */
import { budgetGate } from '../money/budget.js';
import { can } from '../tasks/states.js';
import type { FeatureStatus, TaskStatus } from './status.js';

export type Action =
  | { kind: 'read'; what: 'spec' | 'plan' | 'diff' | 'logs' }
  | { kind: 'approve' | 'reject'; gate: string }
  | { kind: 'edit'; gate: 'spec' | 'plan' }
  | { kind: 'stop' | 'retry' | 'skip'; task: string }
  | { kind: 'stop-all' | 'resume' | 'follow' | 'raise-budget' };

/** The most likely first. */
export function actionsFor(status: Pick<FeatureStatus, ActionFacts>): Action[] {
  const { phase, stopped, gates, tasks, waiting } = status;
  const isOver = phase === 'done';
  const stands = stopped || phase === 'failed' || waiting !== undefined;
  const moves = !isOver && !stands;
  return [
    ...gates.flatMap(({ gate }) => gateActions(gate)),
    // At the plan's gate a rejection of the specification has both made again.
    ...(gates.some(({ gate }) => gate === 'plan') ? [{ kind: 'reject', gate: 'spec' } as const] : []),
    ...(moves ? [{ kind: 'follow' } as const] : []),
    ...(stopped || phase === 'failed' ? [{ kind: 'resume' } as const] : []),
    ...(phase === 'prepare' ? [] : readings(status)),
    ...(isOver ? [] : tasks.flatMap(taskActions)),
    ...(moves ? [{ kind: 'stop-all' } as const] : []),
  ];
}

/** What the actions are told by. */
export type ActionFacts = 'phase' | 'stopped' | 'gates' | 'tasks' | 'waiting' | 'head';

function gateActions(gate: string): Action[] {
  if (gate === budgetGate) return [{ kind: 'raise-budget' }];
  return [
    { kind: 'approve', gate },
    { kind: 'reject', gate },
    ...(gate === 'spec' || gate === 'plan' ? [{ kind: 'edit', gate } as const] : []),
  ];
}

const readings = ({ tasks, head }: Pick<FeatureStatus, 'tasks' | 'head'>): Action[] => [
  { kind: 'read', what: 'spec' },
  ...(tasks.length === 0 ? [] : [{ kind: 'read', what: 'plan' } as const]),
  ...(head === undefined ? [] : [{ kind: 'read', what: 'diff' } as const]),
  { kind: 'read', what: 'logs' },
];

const taskActions = ({ id, state }: TaskStatus): Action[] =>
  (['stop', 'retry', 'skip'] as const).filter((kind) => can(state, kind)).map((kind) => ({ kind, task: id }));
