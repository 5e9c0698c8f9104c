/** Why a model was chosen, passed over, or failed, as sentences. Pure. */
import { type CallErrorKind, callErrorHandling } from '../domain/models/call-errors.js';
import type { PassedModel, ReasonOf, RouteReason } from '../domain/reasons.js';
import { type ModelName, modelTitles, type Role } from '../domain/vocabulary.js';
import { momentUtc } from './words.js';

/** Why a model was chosen, or none: a part of a sentence. */
export function routeText({ code, params }: RouteReason): string {
  switch (code) {
    case 'first-choice':
      return params.maxChars === undefined
        ? `first choice for ${params.role}`
        : `first choice for ${params.role}, ${params.contentChars} characters fit its ${params.maxChars}`;
    case 'passed-over':
      return [
        ...params.passed.map(passedText),
        ...(params.ownReview ? ['no other model is available than the author'] : []),
      ].join(', ');
    case 'none-fits': {
      const none = `no available model can be ${params.role} for ${params.contentChars} characters`;
      return params.passed.length === 0 ? none : `${none} (${params.passed.map(passedText).join(', ')})`;
    }
    case 'races':
      return 'races by configuration';
    case 'quota-first':
      return 'no other model is left, and its quota is there first';
    case 'answered-before':
      return 'it answered this before';
  }
}

/** Why a model was not taken, with its name: `Claude is not logged in`. */
export function passedText({ model, why }: PassedModel): string {
  const title = modelTitles[model];
  switch (why.kind) {
    case 'author':
      return `${title} is the author`;
    case 'auth':
      return `${title} is not logged in`;
    case 'not-installed':
      return `${title} is not installed`;
    case 'not-available':
      return `${title} is not available${why.problem === undefined ? '' : ` (${why.problem})`}`;
    case 'failed':
      return `${title} failed (${why.error})`;
    case 'quota':
      return why.reported
        ? `${title} has no quota left until ${momentUtc(why.until)}`
        : `${title} has no quota left, and is asked again at ${momentUtc(why.until)}`;
    case 'too-long': {
      const most = why.unit === 'bytes' ? `${why.most} bytes of a prompt` : why.most;
      return `${why.chars} characters are over the ${most} for ${title}`;
    }
  }
}

/** Where a model would judge what it wrote itself. */
export const ownReviewText = ({ model, as }: { model: ModelName; as: readonly Role[] }): string =>
  `${modelTitles[model]} would review its own work (as ${as.join(', ')}), in a fresh session: no other model is available.`;

/** What a person should do about a call that failed; the command for it is a hint of its own. */
const advice: Record<CallErrorKind, string> = {
  auth: 'Log in to the model or set its key, then retry.',
  quota: 'The quota is used up: wait for its reset, or route the role to another model.',
  'rate-limit': 'Retried by itself after the delay.',
  overloaded: 'Retried by itself.',
  network: 'Retried by itself when the network is back.',
  'context-too-long':
    'The prompt is too long for the model: use one with a larger context, or a smaller task.',
  refused: 'The model refused: change the brief or the task.',
  'bad-output': 'The answer could not be used: read it, then retry.',
  timeout: 'The call ran into its time limit: raise `limits` in the configuration, or make the task smaller.',
  'not-installed': 'Install the command.',
  cancelled: 'It was stopped; retry when you are ready.',
  crashed: 'Retried by itself.',
};

/** Commands that go with the advice. */
const adviceHints: Partial<Record<CallErrorKind, string>> = {
  auth: '`blueprint doctor` tells how.',
  'bad-output': 'Read it with `blueprint logs`.',
  'not-installed': '`blueprint doctor` tells how.',
};

type Failed = Pick<ReasonOf<'call-failed'>['params'], 'kind' | 'final'>;

/** @returns what to do about a call that failed, as a sentence */
export const adviceText = ({ kind, final }: Failed): string =>
  final && callErrorHandling[kind].retryable
    ? 'No more tries are made by themselves; retry when the cause is gone.'
    : advice[kind];

/** @returns what can be typed about it */
export const adviceHint = ({ kind }: Failed): string[] => [adviceHints[kind] ?? []].flat();

/** A model's call failed and another model goes on. Vendors' messages often begin with their name. */
export function modelFailedText({
  model,
  text,
  rest,
  ...failed
}: ReasonOf<'model-failed'>['params']): string {
  const title = modelTitles[model];
  const named = `${title}: `;
  const what = `${title} failed: ${text.startsWith(named) ? text.slice(named.length) : text}`;
  if (rest === undefined) return what;
  if (rest.kind === 'until') return `${what} It is not asked before ${momentUtc(rest.at)}.`;
  return `${what} ${adviceText(failed)} It is left out from here on.`;
}
