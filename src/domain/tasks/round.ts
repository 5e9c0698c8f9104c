/** What a task's round is given and how it ends: the feature's workflow and the task's share it. */

import type { Answerer } from '../calls/answer.js';
import type { Config } from '../config/schema.js';
import type { Preparation } from '../feature/types.js';
import { type ModelRules, modelRules } from '../models/choice.js';
import type { UnavailableModels } from '../models/unavailable.js';
import type { Reason } from '../reasons.js';
import type { CommitHash, FileReference } from '../references.js';
import type { ModelName } from '../vocabulary.js';
import type { Task } from './plan.js';
import type { NextRound, OpenDraft } from './record.js';

/**
 * What a round's workflow decides by. The rest of the configuration is no part of its history: its activities read
 * the one that was frozen with the feature.
 */
export interface RoundConfig extends ModelRules {
  maxIterations: number;
  /** The two models that race for a first draft. */
  racers?: readonly ModelName[] | undefined;
  /** Total limit of one call, in seconds. */
  callSeconds: number;
}

export const roundConfig = (config: Config, { type }: Pick<Task, 'type'>): RoundConfig => ({
  ...modelRules(config),
  maxIterations: config.maxIterations,
  racers: type === 'review' ? undefined : config.race[type],
  callSeconds: longestCallSeconds(config),
});

/** The total limit of one call, be it to a model or a check, in seconds. */
export const longestCallSeconds = ({ limits }: Pick<Config, 'limits'>): number =>
  Math.max(limits.callSeconds, limits.checkSeconds);

export interface TaskRoundInput {
  feature: string;
  embedded: boolean;
  config: RoundConfig;
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
