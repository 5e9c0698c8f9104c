/**
 * What the models of a stubbed feature answer. The entries are those of the scripted model; a step may also wait for
 * the test.
 */
import type { CallErrorKind } from '../../../src/domain/models/call-errors.js';
import type { ModelName, Purpose } from '../../../src/domain/vocabulary.js';

export interface StubStep {
  /** A text; anything else is given as JSON. */
  answer?: unknown;
  error?: { kind: CallErrorKind; message?: string; retryAfterMs?: number; resetAt?: number };
  /** Never answers. A stop ends it. */
  hangs?: true;
  /** Answers when this is resolved. */
  after?: Promise<unknown>;
}

export interface StubEntry extends StubStep {
  match: {
    purpose?: Purpose;
    task?: string;
    model?: ModelName;
    /** The attempt, or the number of the specification or the plan. */
    round?: number;
    /** Stands in what the model is told. */
    contains?: string;
  };
  /** Played in order for each name of a call; the last one repeats. */
  answers?: readonly StubStep[];
}

/** A call, as entries are matched with it. */
export interface StubCall {
  name: string;
  round: number;
  purpose: Purpose;
  model: ModelName;
  task?: string | undefined;
  /** All that the model would be told. */
  told: string;
}

/** Plays entries; what was played to its end counts. */
export function createPlayer(entries: readonly StubEntry[]) {
  const played = new Map<string, number>();
  return {
    /** @returns the step to play, and what notes that it was played */
    next(call: StubCall): { step: StubStep; played(): void } {
      const index = entries.findIndex(({ match }) => matches(match, call));
      const entry = entries[index];
      if (entry === undefined) throw new Error(`No answer is scripted for ${call.name}.${call.round}.`);
      const { match: _, answers = [entry] } = entry;
      const key = `${index} ${call.name}`;
      const count = played.get(key) ?? 0;
      const step = answers[Math.min(count, answers.length - 1)];
      if (step === undefined) throw new Error(`The entry for ${call.name} has no answers.`);
      return { step, played: () => played.set(key, count + 1) };
    },
  };
}

const matches = (match: StubEntry['match'], call: StubCall): boolean =>
  (match.purpose ?? call.purpose) === call.purpose &&
  (match.task ?? call.task) === call.task &&
  (match.model ?? call.model) === call.model &&
  (match.round ?? call.round) === call.round &&
  (match.contains === undefined || call.told.includes(match.contains));
