/** What a task's round is told and how it ends. Types only: the feature's workflow and the task's share them. */
import type { Config, NextRound, OpenDraft, Preparation } from './feature.js';
import type { Task } from './plan.js';
import type { CommitHash, FileReference } from './references.js';
import type { ModelName } from './vocabulary.js';

export interface TaskRoundInput {
  feature: string;
  embedded: boolean;
  config: Config;
  preparation: Preparation;
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
}

interface RoundEnd {
  iterations: number;
  model?: ModelName | undefined;
  draft: OpenDraft;
}

export type TaskRoundOutcome =
  | ({ kind: 'approved' } & RoundEnd)
  | ({ kind: 'unapproved'; reason: string } & RoundEnd)
  | { kind: 'failed'; reason: string; iterations: number }
  | { kind: 'stopped' };
