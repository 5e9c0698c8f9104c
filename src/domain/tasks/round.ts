/** What a task's round is told and how it ends. Types only: the feature's workflow and the task's share them. */

import type { Answerer } from '../calls/answer.js';
import type { Config, Preparation } from '../feature/types.js';
import type { UnavailableModels } from '../models/unavailable.js';
import type { Reason } from '../reasons.js';
import type { CommitHash, FileReference } from '../references.js';
import type { Task } from './plan.js';
import type { NextRound, OpenDraft } from './record.js';

export interface TaskRoundInput {
  feature: string;
  embedded: boolean;
  config: Config;
  preparation: Preparation;
  /** Models that the feature's calls found to be not there. */
  unavailable?: UnavailableModels | undefined;
  task: Task;
  round: number;
  spec: FileReference;
  specChars: number;
  /** Notes of the architecture tasks that this one depends on. */
  notes: FileReference[];
  featureBase?: CommitHash | undefined;
  /** The feature's head that this round builds on. */
  base?: CommitHash | undefined;
  /** The draft to go on from, and why; absent for a draft from scratch. */
  next?: NextRound | undefined;
  /** The round was held back by the budget before: who answered its calls, in order. */
  answers?: Answerer[] | undefined;
}

/** Models that the round's calls found to be not there. */
interface RoundFindings {
  unavailable?: UnavailableModels | undefined;
}

export type TaskRoundOutcome = RoundFindings & RoundOutcome;

export type RoundOutcome =
  | { kind: 'approved'; draft: OpenDraft }
  | { kind: 'unapproved'; draft: OpenDraft; reason: Reason }
  | { kind: 'failed'; reason: Reason }
  /** The budget does not reach for the round's next call. Nothing of the round runs. */
  | { kind: 'budget'; reason: Reason; answers: Answerer[] }
  | { kind: 'stopped' };
