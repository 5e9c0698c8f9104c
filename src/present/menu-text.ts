/** What a person can do with a feature just now, as the lines of a menu. Pure. */
import { type Action, actionsFor } from '../domain/feature/actions.js';
import type { FeatureStatus } from '../domain/feature/status.js';

export type Choice = Action & { title: string };

/** The choices, the most likely first. */
export const choicesFor = (status: FeatureStatus): Choice[] =>
  actionsFor(status).map((action) => ({ ...action, title: titleOf(action, status) }));

const readTitles = {
  spec: 'Read the specification',
  plan: 'Read the plan',
  diff: 'Read the diff',
  logs: 'Read the logs',
};

const verbs = { stop: 'Stop', retry: 'Retry', skip: 'Skip' };

function titleOf(action: Action, { gates, tasks }: FeatureStatus): string {
  switch (action.kind) {
    case 'read':
      return readTitles[action.what];
    case 'approve':
      return `Approve ${action.gate}`;
    case 'reject':
      return gates.some(({ gate }) => gate === action.gate)
        ? `Reject ${action.gate} with a reason`
        : `Reject ${action.gate} with a reason: both are made again`;
    case 'edit':
      return `Edit ${action.gate}`;
    case 'stop':
    case 'retry':
    case 'skip': {
      const task = tasks.find(({ id }) => id === action.task);
      return `${verbs[action.kind]} ${action.task} ${task?.title ?? ''} (${task?.state ?? 'unknown'})`;
    }
    case 'stop-all':
      return 'Stop the feature';
    case 'resume':
      return 'Go on';
    case 'follow':
      return 'Follow';
    case 'raise-budget':
      return 'Raise the budget';
  }
}
