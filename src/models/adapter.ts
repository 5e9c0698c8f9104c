/** What a model is to Blueprint: a command that reads a prompt on standard input and writes JSON lines. */
import type { CallErrorKind } from '../domain/models/call-errors.js';
import type { ModelSettings } from '../domain/models/settings.js';
import type { Usage } from '../domain/money/usage.js';
import { type Mode, type ModelName, modelTitles } from '../domain/vocabulary.js';
import type { CallEnd } from './calls/store/types.js';
import type { CommandEnvironment } from './environment.js';
import { CallError, type CallFailure } from './errors.js';
import type { Question } from './question.js';

/** What one line of a model's output says, in words that are the same for all models. */
export type ModelEvent =
  /** A piece of the answer. */
  | { kind: 'text'; text: string }
  /** The model works, and none of it is part of the answer. */
  | { kind: 'thinking' }
  | { kind: 'tool'; name: string; detail?: string }
  /** What the call has used so far, in all: a later one replaces it. */
  | { kind: 'usage'; usage: Usage }
  | { kind: 'session'; id: string }
  /** The command tries again by itself. */
  | { kind: 'retry'; reason: string; delayMs?: number }
  | { kind: 'error'; error: CallFailure }
  /** The final success event. With a text, that is the whole answer, whatever was streamed before. */
  | { kind: 'result'; text?: string };

/** What was seen of a call by its end. */
export interface SeenOutput {
  error?: CallFailure;
  /** The final success event came. */
  result: boolean;
  /** Size of the answer, less the white space around it, in bytes. */
  textBytes: number;
}

export type ProbeResult = { ok: true; detail: string } | { ok: false; detail: string; advice: string };

export interface Adapter {
  model: ModelName;
  modes: readonly Mode[];
  /** Whether the command can be given `readable`, and has tools that read there and change nothing. */
  reads: boolean;
  /** The longest prompt that the command takes, in bytes; more is never sent. */
  maxPromptBytes: number;
  /** The longest prompt where the settings name no limit; absent where it is `maxPromptBytes`. */
  defaultPromptBytes?: number;
  command(question: Question): { file: string; args: string[] };
  /** What the command needs of the environment, and no more; `pass` names what the person adds. */
  environment(
    parent: NodeJS.ProcessEnv,
    question: Pick<Question, 'mode' | 'settings'>,
    pass: readonly string[],
  ): CommandEnvironment;
  /** A reader for one try's output. A line that says nothing, or is no JSON, gives no events. */
  reader(): (line: string) => ModelEvent[];
  /** Why the call failed; undefined when it succeeded. */
  failure(end: CallEnd, seen: SeenOutput, model: ModelName): CallError | undefined;
  /** Whether the model is there and ready, found out without paying for anything. */
  probe(
    parent: NodeJS.ProcessEnv,
    given: { settings: ModelSettings; pass: readonly string[]; script?: string },
  ): Promise<ProbeResult>;
}

/**
 * What is a failure whatever the model. Success is exit status 0 *and* the final success event *and* an answer: every
 * vendor's command has a case in which one of them alone lies.
 *
 * @returns undefined for a success
 */
export function commonFailure(end: CallEnd, seen: SeenOutput, model: ModelName): CallError | undefined {
  const title = modelTitles[model];
  const error = (kind: CallErrorKind, message: string) =>
    new CallError({ kind, message, ...(end.stderrTail === '' ? {} : { detail: end.stderrTail }) });
  if (end.endedBy === 'timeout')
    return error('timeout', `${title} was ended: it ran into the total time limit.`);
  if (end.endedBy === 'inactive')
    return error('timeout', `${title} was ended: it printed nothing for as long as the inactivity limit.`);
  if (seen.error !== undefined && !(end.status === 0 && seen.result))
    return new CallError({ ...seen.error, detail: seen.error.detail ?? (end.stderrTail || undefined) });
  // POSIX shells: 127 for a command that is not found, 126 for one that is no program.
  if (end.status === 127 || end.status === 126)
    return error(
      'not-installed',
      `The command of ${title} could not be run: it is not installed, or not executable.`,
    );
  if (end.status !== 0) {
    if (end.status > 128) return error('crashed', `${title} was ended by signal ${end.status - 128}.`);
    return error('crashed', `${title} ended with exit status ${end.status}.`);
  }
  if (!seen.result) {
    const why = end.lineTooLong
      ? 'a line of its output was too long to be read'
      : 'its output has no final event';
    return error('bad-output', `${title} ended without an answer: ${why}.`);
  }
  return seen.textBytes === 0 ? error('bad-output', `${title} gave an empty answer.`) : undefined;
}
