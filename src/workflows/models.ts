/** Calls to models from a workflow: routing, falling back to the next model, and asking again. */
import { condition } from '@temporalio/workflow';
import type { Answered, AnsweredCall, Answerer, BadAnswer } from '../domain/calls/answer.js';
import type { Ask } from '../domain/calls/call-key.js';
import type { Preparation } from '../domain/feature/types.js';
import { callErrorHandling } from '../domain/models/call-errors.js';
import {
  type Choice,
  type ChoiceRequest,
  chooseModel,
  type KnownModels,
  type ModelRules,
} from '../domain/models/choice.js';
import {
  missingModels,
  type PassedOver,
  type Unavailable,
  type UnavailableModels,
  unavailableAfter,
} from '../domain/models/unavailable.js';
import { asks } from '../domain/money/calls-range.js';
import { because, type Reason, type ReasonOf, type RouteReason } from '../domain/reasons.js';
import type { ModelName, Purpose } from '../domain/vocabulary.js';
import { failureFor, reasonOf } from './failures.js';
import type { Journal } from './journal.js';

export interface ModelNeeds extends ChoiceRequest {
  purpose: Purpose;
  task?: string | undefined;
  /** Called when a quota's reset must be waited for; what it returns is called when that is over. */
  onWait?: (() => () => void) | undefined;
}

export interface Models {
  /**
   * Makes a call with the best model that can: falls back to the next one where that may help. When a quota is used
   * up, the next model is taken or the reset waited out, as configured; when no other model is left, waited out.
   *
   * @throws ActivityFailure of the last model's call
   */
  call<T extends { call: AnsweredCall }>(needs: ModelNeeds, make: (ask: Ask) => Promise<T>): Promise<T>;
  /** The same for an answer that may be unusable: asked again with the problem, twice. */
  ask<T>(needs: ModelNeeds, make: (ask: Ask) => Promise<Answered<T>>): Promise<Answered<T>>;
  /** Who has answered, in order; without racers, who are chosen by their names. */
  answers(): Answerer[];
}

/** What models are chosen by. */
export interface Choosing {
  config: ModelRules;
  preparation: Pick<Preparation, 'available' | 'missing'>;
  /** What calls have found out since; what further ones find out is put in here. */
  unavailable: UnavailableModels;
  /** How often a person has had the feature go on: whoever waits for a quota then asks again. */
  resumes: () => number;
  /** Who answered the first calls when they were made before: they are made with the same models, and found. */
  answers?: readonly Answerer[] | undefined;
  /** Makes a call again when the budget that held it back is raised; without it, being held back is a failure. */
  whenAffordable?: (<T>(make: () => Promise<T>) => Promise<T>) | undefined;
}

export function createModels(choosing: Choosing, journal: Journal): Models {
  const { config, preparation, unavailable, whenAffordable = (make) => make() } = choosing;
  const known: KnownModels = {
    ...config,
    available: preparation.available,
    notThere: missingModels(preparation.missing),
    unavailable,
  };
  const answeredBefore = [...(choosing.answers ?? [])];
  const answers: Answerer[] = [];

  const call: Models['call'] = async (needs, make) => {
    const failed: PassedOver = {};
    let last: { error: unknown; reason: Reason } | undefined;
    // An ask is a new call, so that the outcome of one that failed before the waiting does not answer it.
    let ask = 1;
    let before = needs.only === undefined ? answeredBefore.shift() : undefined;
    for (;;) {
      const choice = before === undefined ? chooseModel(needs, known, failed, Date.now()) : again(before);
      if (choice.model === undefined) throw last?.error ?? noModel(needs, choice.reason);
      if (last !== undefined) journal.note({ kind: 'warning', task: needs.task, reason: last.reason });
      await awaitModel(needs, choice, choosing, journal);
      if (choice.resetAt !== undefined) ask += asks;
      const asked = { model: choice.model, ask: before?.ask ?? ask };
      before = undefined;
      try {
        const made = await whenAffordable(() => make(asked));
        if (needs.only === undefined) answers.push(asked);
        return made;
      } catch (error) {
        const failure = reasonOf(error);
        if (failure.code !== 'call-failed') throw error;
        if (!callErrorHandling[failure.params.kind].anotherModel) throw error;
        last = { error, reason: passOver(choice.model, failure, failed, unavailable) };
      }
    }
  };

  return {
    call,
    answers: () => answers,
    ask: (needs, make) => askUntilUsable(call, journal, needs, make),
  };
}

/** Journals who makes the call, and waits until they can. */
async function awaitModel(
  needs: ModelNeeds,
  { model, reason, resetAt }: Choice,
  { config, resumes }: Choosing,
  journal: Journal,
): Promise<void> {
  const { role, purpose, task, contentChars } = needs;
  // Counted before anything is written: a person may resume meanwhile.
  const before = resumes();
  const { scripted } = config;
  const chosen = { kind: 'route', role, purpose, task, model, scripted, contentChars, reason } as const;
  if (resetAt === undefined) return journal.write(chosen);
  const waits = because('quota-wait', { model, until: resetAt, purpose, task });
  await journal.write({ kind: 'warning', task, reason: waits }, chosen);
  const over = needs.onWait?.();
  await condition(() => resumes() > before, Math.max(1, resetAt - Date.now()));
  over?.();
}

/**
 * Takes in why a model's call failed.
 *
 * @param failed what failed in this call: the model is put in here, or among the unavailable
 * @returns what is journaled when another model goes on
 */
function passOver(
  model: ModelName,
  { params: { resetAt, ...failure } }: ReasonOf<'call-failed'>,
  failed: PassedOver,
  unavailable: UnavailableModels,
): Reason {
  const found = unavailableAfter(failure.kind, resetAt, Date.now());
  if (found === undefined) failed[model] = { kind: 'failed', error: failure.kind };
  else unavailable[model] = found;
  return because('model-failed', { model, ...failure, rest: found && restAfter(found) });
}

async function askUntilUsable<T>(
  call: Models['call'],
  journal: Journal,
  needs: ModelNeeds,
  make: (ask: Ask) => Promise<Answered<T>>,
): Promise<Answered<T>> {
  let bad: BadAnswer | undefined;
  for (let count = 1; ; count++) {
    const previous = bad === undefined ? undefined : { answer: bad.raw, problem: bad.problem };
    const answer = await call(needs, (first) => make({ ...first, ask: first.ask + count - 1, previous }));
    noteCall(journal, needs, answer.call);
    if (answer.ok) return answer;
    const { call: made, problem: text, raw } = answer;
    const reason = because('bad-answer', { purpose: needs.purpose, model: made.model, text });
    journal.note({ kind: 'error', task: needs.task, reason, rawOutput: raw.path });
    if (count === asks) return answer;
    bad = answer;
  }
}

/** Journals a call that ended well. */
export function noteCall(journal: Journal, needs: ModelNeeds, call: AnsweredCall): void {
  journal.note({ kind: 'call', purpose: needs.purpose, task: needs.task, ...call });
}

const again = ({ model }: Answerer): Choice => ({ model, reason: because('answered-before') });

const restAfter = (found: Unavailable): ReasonOf<'model-failed'>['params']['rest'] =>
  found.kind === 'quota' ? { kind: 'until', at: found.until } : { kind: 'left-out' };

const noModel = ({ role }: ModelNeeds, why: RouteReason) => failureFor(because('no-model', { role, why }));
