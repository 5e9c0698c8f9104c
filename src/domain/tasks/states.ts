/**
 * The life of a task in one table: its states, what a person may do with it in each, and what each event makes of
 * it. Workflow, client and screens ask here, and list no states of their own. Pure.
 */
import type { TaskState } from '../vocabulary.js';

/** What a person may do with a task; `edit` and `remove` are edits of the plan. */
export type TaskAction = 'approve' | 'reject' | 'retry' | 'skip' | 'stop' | 'edit' | 'remove';

/** What may happen to a task: a person's actions, and what its work comes to. */
export type TaskEventName =
  | Exclude<TaskAction, 'edit' | 'remove'>
  /** A round begins. */
  | 'begin'
  /** A round has ended with a draft. */
  | 'draft'
  /** The integration does not take the draft: a round that corrects it begins. */
  | 'send-back'
  /** The feature was stopped or put back while it was at work: it begins again when the feature goes on. */
  | 'interrupt'
  /** Something that it depends on failed or was stopped; or no longer stands in its way. */
  | 'block'
  | 'unblock'
  /** The budget does not reach for the round's next call; or was raised. */
  | 'hold'
  | 'release'
  /** A person is to decide about its draft, now or by a rejection later. */
  | 'ask'
  | 'leave'
  | 'integrate'
  | 'fail';

interface StateRules {
  /** What the tasks that depend on it do: begin, wait, or count as blocked. */
  dependents: 'begin' | 'wait' | 'blocked';
  /** It has a history: a plan's edit may not remove it. */
  begun: boolean;
  /** A plan's edit may change what it says. */
  editable: boolean;
  /** Which state follows each event; what is not named cannot happen in this state. */
  on: Partial<Record<TaskEventName, TaskState>>;
}

const rules: Record<TaskState, StateRules> = {
  missing: {
    dependents: 'wait',
    begun: false,
    editable: true,
    on: { begin: 'running', block: 'blocked', stop: 'stopped', skip: 'skipped' },
  },
  blocked: {
    dependents: 'wait',
    begun: false,
    editable: true,
    on: { begin: 'running', unblock: 'missing', stop: 'stopped', skip: 'skipped' },
  },
  running: {
    dependents: 'wait',
    begun: true,
    editable: false,
    on: {
      draft: 'running',
      'send-back': 'running',
      integrate: 'done',
      hold: 'waiting',
      ask: 'waiting',
      leave: 'failed',
      fail: 'failed',
      stop: 'stopped',
      interrupt: 'missing',
    },
  },
  waiting: {
    dependents: 'wait',
    begun: true,
    editable: false,
    on: {
      approve: 'running',
      reject: 'running',
      release: 'missing',
      retry: 'missing',
      skip: 'skipped',
      stop: 'stopped',
    },
  },
  done: { dependents: 'begin', begun: true, editable: false, on: {} },
  failed: {
    dependents: 'blocked',
    begun: true,
    editable: true,
    on: { approve: 'running', reject: 'running', retry: 'missing', skip: 'skipped', stop: 'stopped' },
  },
  stopped: {
    dependents: 'blocked',
    begun: true,
    editable: true,
    on: { retry: 'missing', skip: 'skipped' },
  },
  skipped: { dependents: 'begin', begun: true, editable: true, on: { retry: 'missing' } },
};

/** Whether a person may do this with a task in this state. */
export function can(state: TaskState, action: TaskAction): boolean {
  if (action === 'edit') return rules[state].editable;
  if (action === 'remove') return !rules[state].begun;
  return stateAfter(state, action) !== undefined;
}

/** @returns undefined where the event cannot happen in this state */
export const stateAfter = (state: TaskState, event: TaskEventName): TaskState | undefined =>
  rules[state].on[event];

/** Whether what depends on it may begin; a plan is done when every task of it is so. */
export const satisfies = (state: TaskState): boolean => rules[state].dependents === 'begin';

/** Whether what depends on it is blocked. */
export const blocks = (state: TaskState): boolean => rules[state].dependents === 'blocked';

export const isBegun = (state: TaskState): boolean => rules[state].begun;

/** Whether it has come to an end that only a person undoes: there is nothing to stop, and a rewind keeps it. */
export const isOver = (state: TaskState): boolean => !can(state, 'stop');

/** Whether it stands still, and the plan with it, until a person says how it goes on. */
export const needsPerson = (state: TaskState): boolean => can(state, 'retry') && !satisfies(state);
