/** What a call to a model is given, and what comes back, as the history keeps it. Types only. */
import type { CallSource } from '../journal/entries.js';
import type { Usage } from '../money/usage.js';
import type { FileReference } from '../references.js';
import type { ModelName } from '../vocabulary.js';
import type { Ask, CallKey, PreviousAnswer } from './call-key.js';

/** What every activity that asks a model is given. */
export interface ModelCallInput {
  feature: string;
  /** Which call it is: the only thing that it is found by. */
  call: CallKey;
  model: ModelName;
  previous?: PreviousAnswer | undefined;
}

/** A call that has given an answer. */
export interface AnsweredCall {
  /** The call directory's name. */
  call: string;
  model: ModelName;
  source: CallSource;
  usage: Usage;
  durationMs: number;
}

/** An answer that could not be used: asked again with the problem, and shown when that does not help. */
export interface BadAnswer {
  ok: false;
  call: AnsweredCall;
  problem: string;
  /** The raw answer, below the feature directory. */
  raw: FileReference;
}

export type Answered<T> = ({ ok: true; call: AnsweredCall } & T) | BadAnswer;

/** Who answered a call, and at which ask. */
export type Answerer = Pick<Ask, 'model' | 'ask'>;
