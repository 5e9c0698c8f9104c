/** From the brief to the plan: what each step is given, and what it comes to. Types only; all of it is in the history. */
import type { ModelCallInput } from '../calls/answer.js';
import type { FileReference } from '../references.js';
import type { Plan } from '../tasks/plan.js';
import type { ProposedSpec } from './types.js';

export interface SpecInput extends ModelCallInput {
  brief: FileReference;
  /** Why the spec before was rejected. */
  rejected?: { spec: FileReference; reason: string } | undefined;
}
export interface TakeSpecInput {
  feature: string;
  /** The brief is the specification: it becomes `spec.md`. */
  fromBrief?: FileReference | undefined;
  /** A person's answers, or what static mode assumes; appended once. */
  addition?: { heading: 'Answers' | 'Assumptions'; text: string } | undefined;
}

export interface PlanInput extends ModelCallInput {
  spec: FileReference;
  /** Why the plan before was rejected. */
  rejected?: { plan: FileReference; reason: string } | undefined;
}
export interface PlanOutcome {
  plan: Plan;
}
export interface RefineInput extends ModelCallInput {
  spec: FileReference;
  plan: Plan;
}

export type TakenSpec = ({ ok: true } & ProposedSpec) | { ok: false; problem: string };

export type TakenPlan = { ok: true; plan: Plan; file: FileReference } | { ok: false; problem: string };
