/** What a person can do with a feature just now. Pure. */
import type { FeatureStatus, TaskStatus } from '../domain/feature/status.js';
import { budgetGate } from '../domain/money/budget.js';
import { can } from '../domain/tasks/states.js';

export type Choice = { title: string } & (
  | { kind: 'read'; what: 'spec' | 'plan' | 'diff' | 'logs' }
  | { kind: 'approve' | 'reject' | 'edit'; gate: string }
  | { kind: 'stop' | 'retry' | 'skip'; task: string }
  | { kind: 'stop-all' | 'resume' | 'follow' | 'raise-budget' }
);

/** The choices, the most likely first. */
export function choicesFor(status: FeatureStatus): Choice[] {
  const { phase, stopped, gates, tasks, waiting } = status;
  const isOver = phase === 'done';
  const stands = stopped || phase === 'failed' || waiting !== undefined;
  const moves = !isOver && !stands;
  return [
    ...gates.flatMap(({ gate }): Choice[] =>
      gate === budgetGate
        ? [{ kind: 'raise-budget', title: 'Raise the budget' }]
        : [
            { kind: 'approve', gate, title: `Approve ${gate}` },
            { kind: 'reject', gate, title: `Reject ${gate} with a reason` },
            ...(gate === 'spec' || gate === 'plan'
              ? [{ kind: 'edit', gate, title: `Edit ${gate}` } as const]
              : []),
          ],
    ),
    ...(gates.some(({ gate }) => gate === 'plan')
      ? [{ kind: 'reject', gate: 'spec', title: 'Reject spec with a reason: both are made again' } as const]
      : []),
    ...(moves ? [{ kind: 'follow', title: 'Follow' } as const] : []),
    ...(stopped || phase === 'failed' ? [{ kind: 'resume', title: 'Go on' } as const] : []),
    ...(phase === 'prepare' ? [] : readings(status)),
    ...(isOver ? [] : tasks.flatMap(taskChoices)),
    ...(moves ? [{ kind: 'stop-all', title: 'Stop the feature' } as const] : []),
  ];
}

const readings = ({ tasks, head }: FeatureStatus): Choice[] => [
  { kind: 'read', what: 'spec', title: 'Read the specification' },
  ...(tasks.length === 0 ? [] : [{ kind: 'read', what: 'plan', title: 'Read the plan' } as const]),
  ...(head === undefined ? [] : [{ kind: 'read', what: 'diff', title: 'Read the diff' } as const]),
  { kind: 'read', what: 'logs', title: 'Read the logs' },
];

const taskActions = [
  ['stop', 'Stop'],
  ['retry', 'Retry'],
  ['skip', 'Skip'],
] as const;

const taskChoices = ({ id, title, state }: TaskStatus): Choice[] =>
  taskActions
    .filter(([kind]) => can(state, kind))
    .map(([kind, verb]) => ({ kind, task: id, title: `${verb} ${id} ${title} (${state})` }));
