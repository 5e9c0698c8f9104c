/** What a task's round is told and how it ends. Types only: the feature's workflow and the task's share them. */

import type { Answerer, Config, NextRound, OpenDraft, Preparation } from '../feature/types.js';
import type { Absences } from '../models/unavailable.js';
import type { Reason } from '../reasons.js';
import type { CommitHash, FileReference } from '../references.js';
import type { ModelName } from '../vocabulary.js';
import type { Task } from './plan.js';

export interface TaskRoundInput {
  feature: string;
  embedded: boolean;
  config: Config;
  preparation: Preparation;
  /** Models that the feature's calls found to be not there. */
  absences?: Absences | undefined;
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

interface RoundEnd {
  iterations: number;
  model?: ModelName | undefined;
  draft: OpenDraft;
}

/** Models that the round's calls found to be not there. */
interface RoundFindings {
  absences?: Absences | undefined;
}

export type TaskRoundOutcome = RoundFindings & RoundOutcome;

type RoundOutcome =
  | ({ kind: 'approved' } & RoundEnd)
  | ({ kind: 'unapproved'; reason: Reason } & RoundEnd)
  | { kind: 'failed'; reason: Reason; iterations: number }
  /** The budget does not reach for the round's next call. Nothing of the round runs. */
  | { kind: 'budget'; reason: Reason; iterations: number; answers: Answerer[] }
  | { kind: 'stopped' };
