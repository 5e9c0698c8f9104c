/** How a call fails, as an error that knows whether a retry helps, and when. */
import * as z from 'zod';
import { type CallErrorKind, callErrorHandling, callErrorKinds } from '../domain/models/call-errors.js';
import { because, type ReasonOf } from '../domain/reasons.js';

/** Errors go into histories and journals: long ones are cut. In characters. */
const messageMaxLength = 1_000;
const detailMaxLength = 4_000;

/** What is known of a failure; what is kept of it on disk. */
export type CallFailure = z.infer<typeof callFailureSchema>;
export const callFailureSchema = z.object({
  kind: z.enum(callErrorKinds),
  /** A sentence for a person. */
  message: z.string(),
  /** Evidence, such as the end of standard error. */
  detail: z.string().optional(),
  /** The delay that the vendor asked for. */
  retryAfterMs: z.number().optional(),
  /** When an exhausted quota is filled again, in milliseconds since 1970. */
  resetAt: z.number().optional(),
});

export class CallError extends Error {
  override readonly name = 'CallError';
  readonly kind: CallErrorKind;
  readonly detail: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly resetAt: number | undefined;
  /** How long until the next attempt may try again; undefined when it is `final`. */
  readonly retryInMs: number | undefined;
  /** Another attempt at this call would only find this error again. */
  readonly final: boolean;

  constructor(failure: CallFailure, next?: { retryInMs: number } | 'final') {
    super(cut(sentence(failure.message), messageMaxLength));
    this.kind = failure.kind;
    this.detail = failure.detail === undefined ? undefined : cutStart(failure.detail, detailMaxLength);
    this.retryAfterMs = failure.retryAfterMs;
    this.resetAt = failure.resetAt;
    this.retryInMs = typeof next === 'object' ? next.retryInMs : undefined;
    this.final = next === 'final' || !callErrorHandling[failure.kind].retryable;
  }

  /** What is kept of it in the journal and in failures. */
  get reason(): ReasonOf<'call-failed'> {
    const { kind, message, resetAt, final } = this;
    return because('call-failed', { kind, text: message, resetAt, final });
  }
}

/** What is kept of an error on disk. */
export function keptFailure({ kind, message, detail, retryAfterMs, resetAt }: CallError): CallFailure {
  return { kind, message, detail, retryAfterMs, resetAt };
}

/** The same failure without the values of secret variables, and without what looks like a key. */
export function withoutSecrets(failure: CallFailure, environment: Record<string, string>): CallFailure {
  return {
    ...failure,
    message: redact(failure.message, environment),
    detail: failure.detail === undefined ? undefined : redact(failure.detail, environment),
  };
}

const secretName = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH/i;
/** Shorter values, such as `1` or `none`, are no secrets and stand in any text. */
const secretMinLength = 8;
const looksLikeKey = [
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{12,}/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /(?<=\bBearer )[^\s"',]{8,}/gi,
  // A proxy's user and password.
  /(?<=:\/\/)[^\s/:@]+:[^\s/@]+(?=@)/g,
];

function redact(text: string, environment: Record<string, string>): string {
  let clean = text;
  for (const [name, value] of Object.entries(environment))
    if (secretName.test(name) && value.length >= secretMinLength)
      clean = clean.replaceAll(value, `[${name}]`);
  return looksLikeKey.reduce((rest, pattern) => rest.replace(pattern, '[key]'), clean);
}

/** In one line, as what follows it may be another sentence: vendors' messages have lines, links and no full stop. */
function sentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return /[.!?…)]$/.test(line) ? line : `${line}.`;
}

const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

const cutStart = (text: string, length: number): string =>
  text.length <= length ? text : `…${text.slice(text.length - length + 1)}`;
