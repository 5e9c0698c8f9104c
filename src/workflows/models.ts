/** Calls to models from a workflow: routing, falling back to the next model, and asking again. */
import { ApplicationFailure, sleep } from '@temporalio/workflow';
import type { Answered, BadAnswer, CallSummary, ModelCallInput } from '../activities/types.js';
import { type CallFailure, callErrorHandling, callErrorKind } from '../domain/errors.js';
import type { Config } from '../domain/feature.js';
import { tasksUnreadable } from '../domain/messages.js';
import { type Route, route } from '../domain/routing.js';
import { type ModelName, modelTitles, type Purpose, type Role } from '../domain/vocabulary.js';
import { applicationFailureOf } from './failures.js';
import type { Journal } from './journal.js';

/** A bad answer is asked for again with the error, twice; then it is a person's. */
const asks = 3;

export interface ModelNeeds {
  role: Role;
  purpose: Purpose;
  task?: string | undefined;
  /** Size of the content that decides which models fit, in characters. */
  contentChars: number;
  author?: ModelName | undefined;
  /** Only this model will do: a racer's. */
  only?: ModelName | undefined;
  /** Told when a quota's reset must be waited for; what it returns is told when that is over. */
  onWait?: (() => () => void) | undefined;
}

export interface Models {
  /**
   * Makes a call with the best model that can: falls back to the next one where that may help, and waits for the
   * reset of a quota when no other model is left.
   *
   * @throws ActivityFailure of the last model's call
   */
  call<T extends { call: CallSummary }>(
    needs: ModelNeeds,
    make: (input: { model: ModelName; ask: number; previous?: Previous | undefined }) => Promise<T>,
  ): Promise<T>;
  /** The same for an answer that may be unusable: asked again with the problem, twice. */
  ask<T>(
    needs: ModelNeeds,
    make: (input: { model: ModelName; ask: number; previous?: Previous | undefined }) => Promise<Answered<T>>,
  ): Promise<Answered<T>>;
}

type Previous = NonNullable<ModelCallInput['previous']>;

/** @param available the models whose probes succeeded */
export function createModels(
  config: Pick<Config, 'roles' | 'maxContentChars' | 'script'>,
  available: readonly ModelName[],
  journal: Journal,
): Models {
  const rules = {
    roles: config.roles,
    maxContentChars: config.maxContentChars,
  };

  const choose = (needs: ModelNeeds): Route =>
    needs.only === undefined
      ? route(
          {
            role: needs.role,
            contentChars: needs.contentChars,
            ...(needs.author === undefined ? {} : { author: needs.author }),
          },
          rules,
          available,
        )
      : { models: available.includes(needs.only) ? [needs.only] : [], reason: 'races by configuration' };

  const call: Models['call'] = async (needs, make) => {
    const chosen = choose(needs);
    if (chosen.models.length === 0)
      throw ApplicationFailure.nonRetryable(
        `No model can be ${needs.role}: ${chosen.reason}. \`blueprint doctor\` tells what is missing.`,
        'no-model',
      );
    let reason = chosen.reason;
    for (const [index, model] of chosen.models.entries()) {
      await journal.write({
        kind: 'route',
        role: needs.role,
        purpose: needs.purpose,
        task: needs.task,
        model,
        scripted: config.script !== null,
        contentChars: needs.contentChars,
        reason,
      });
      const next = chosen.models[index + 1];
      try {
        return await waitingOutQuotas(next === undefined, (ask) => make({ model, ask }), journal, needs);
      } catch (error) {
        const failure = applicationFailureOf(error);
        const kind = callErrorKind(failure?.type);
        if (failure === undefined || kind === undefined || next === undefined) throw error;
        if (!callErrorHandling[kind].anotherModel) throw error;
        reason = `${modelTitles[model]} failed: ${failure.message}`;
        journal.note({ kind: 'warning', message: reason });
      }
    }
    throw new Error('unreachable: the last model returns or throws');
  };

  return {
    call,
    async ask(needs, make) {
      let bad: BadAnswer | undefined;
      for (let count = 1; count <= asks; count++) {
        const previous = bad === undefined ? undefined : { answer: bad.raw, problem: bad.problem };
        const answer = await call(needs, (input) => make({ ...input, ask: input.ask + count - 1, previous }));
        noteCall(journal, needs, answer.call);
        if (answer.ok) return answer;
        bad = answer;
        journal.note({
          kind: 'error',
          task: needs.task,
          message:
            needs.purpose === 'plan'
              ? tasksUnreadable(answer.problem)
              : `The answer of ${modelTitles[answer.call.model]} could not be used (${needs.purpose}): ${answer.problem}`,
          rawOutput: answer.raw.path,
        });
      }
      if (bad === undefined) throw new Error('unreachable: asked at least once');
      return bad;
    },
  };
}

/** Journals a call that ended well. */
export function noteCall(journal: Journal, needs: ModelNeeds, call: CallSummary): void {
  journal.note({ kind: 'call', purpose: needs.purpose, task: needs.task, ...call });
}

/** A week and a day: vendors reset quotas within a week; a reset further off is a mistake of a clock. */
const longestQuotaMs = 8 * 24 * 3_600_000;

/**
 * Makes a call; when its quota is used up, no other model is left, and the vendor says when it is there again,
 * sleeps until then on a durable timer and makes the call anew. An ask is a new call, so that the failed one's
 * outcome does not answer it.
 */
async function waitingOutQuotas<T>(
  isLastModel: boolean,
  make: (ask: number) => Promise<T>,
  journal: Journal,
  needs: ModelNeeds,
): Promise<T> {
  for (let ask = 1; ; ask += asks) {
    try {
      return await make(ask);
    } catch (error) {
      const failure = applicationFailureOf(error);
      const resetAt = (failure?.details?.[0] as CallFailure | undefined)?.resetAt;
      if (callErrorKind(failure?.type) !== 'quota' || !isLastModel || resetAt === undefined) throw error;
      const waitMs = Math.min(Math.max(resetAt - Date.now(), 1_000), longestQuotaMs);
      await journal.write({
        kind: 'warning',
        message: `${failure?.message ?? 'The quota is used up.'} Waiting until ${new Date(resetAt).toISOString()} (${needs.purpose}${needs.task === undefined ? '' : ` of ${needs.task}`}).`,
      });
      const over = needs.onWait?.();
      await sleep(waitMs);
      over?.();
    }
  }
}
