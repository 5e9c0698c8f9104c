/**
 * What people say to a running feature: the names and shapes of its messages. Client and workflow both read this
 * file. Signals are for decisions, because a signal is kept even while no worker runs; updates are for what needs
 * an answer.
 */

import type { Plan } from '../tasks/plan.js';
import type { Phase } from '../vocabulary.js';
import type { OpenGate } from './gates.js';

/** Names of the workflow types, as Temporal's UI shows them. */
export const workflowTypes = { feature: 'featureWorkflow', task: 'taskWorkflow' } as const;

export const signalNames = {
  approve: 'approve',
  reject: 'reject',
  stopTask: 'stopTask',
  stop: 'stop',
  resume: 'resume',
} as const;

export const updateNames = {
  retryTask: 'retryTask',
  skipTask: 'skipTask',
  editPlan: 'editPlan',
  raiseBudget: 'raiseBudget',
  rewind: 'rewind',
} as const;

/** Names the opening of a gate that is meant, so that a late decision is reported and takes no effect. */
interface ForGate {
  gate: string;
  number: number;
}

export interface ApproveMessage extends ForGate {
  message?: string | undefined;
}

export interface RejectMessage extends ForGate {
  message: string;
  /** At the plan's gate: it is the spec that is rejected. */
  reopenSpec?: boolean | undefined;
}

export interface StopTaskMessage {
  task: string;
}

export interface ResumeMessage {
  /** Stays as it is when absent. */
  mode?: 'static' | 'interactive' | undefined;
}

export interface TaskUpdate {
  task: string;
}

export interface EditPlanUpdate {
  plan: Plan;
}

export interface RewindUpdate {
  /** A task's id, `start`, or `rewound/<number>`. */
  to: string;
}

/**
 * How long a workflow task may take: a kill inside a local activity waits for it. Longer where a server is far.
 *
 * @param embedded the server is our own, on this machine
 */
export const workflowTaskTimeout = (embedded: boolean): '2 s' | '10 s' => (embedded ? '2 s' : '10 s');

/** The workflow's memo: what a client sees of a feature without a worker. */
export interface FeatureMemo {
  feature: string;
  phase: Phase;
  gates: OpenGate[];
  stopped: boolean;
}
