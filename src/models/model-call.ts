/** One request to one model: an adapter's command, made and followed by the call store. */
import { join } from 'node:path';
import * as z from 'zod';
import type { CallKey } from '../domain/calls/call-key.js';
import type { CallSource } from '../domain/journal/entries.js';
import type { ModelSettings } from '../domain/models/settings.js';
import { priced, type Usage, usageSchema } from '../domain/money/usage.js';
import { modelTitles } from '../domain/vocabulary.js';
import type { Adapter, SeenOutput } from './adapter.js';
import { adapterFor } from './adapters/index.js';
import { answerFile, answerMaxBytes, answerWriter } from './answer-writer.js';
import { type Slots, takeSlot } from './calls/slots/slots.js';
import type { Spending } from './calls/spending/budget.js';
import { tryBegins, tryEnded } from './calls/spending/call-spending.js';
import { tryDirectory } from './calls/store/records.js';
import { runCall } from './calls/store/store.js';
import type { CallEnd, CallLimits, CallOptions, CallReader, TryRef } from './calls/store/types.js';
import { CallError } from './errors.js';
import type { Question } from './question.js';

/** A question, and what its call may use. */
export interface ModelCall extends Question {
  call: CallKey;
  /** Asked only when the call has no prompt yet. What is longer than `maxBytes` is refused. */
  prompt: (maxBytes: number) => Promise<string>;
  limits: CallLimits;
  /** Names of environment variables that the command gets besides its own. */
  pass: string[];
  /** The budget that the call is paid from; absent for one that nobody counts. */
  spending?: Spending | undefined;
  /** The places that its process shares with all others of the project; as many as come where absent. */
  slots?: Slots | undefined;
}

export interface ModelAnswer {
  /** The call directory's name. */
  call: string;
  source: CallSource;
  answer: { /** Absolute. */ path: string; sha256: string; bytes: number };
  usage: Usage;
  durationMs: number;
  tryNumber: number;
}

export interface ModelCallOptions extends Omit<CallOptions, 'environment' | 'beforeTry'> {
  /** Makes the place ready where the command works, before each try. */
  prepare?: (() => Promise<void>) | undefined;
}

/** What is kept of an answer besides its file. */
const keptAnswerSchema = z.object({ sha256: z.string(), bytes: z.number(), usage: usageSchema });
type KeptAnswer = z.infer<typeof keptAnswerSchema>;

/**
 * Asks a model, or gives the answer that it gave before.
 *
 * @throws CallError, see `runCall`
 * @throws BudgetError when a process would have to be started and the budget does not reach for it
 * @throws the reason of `options.signal` when that is aborted
 */
export async function callModel(
  callsDirectory: string,
  asked: ModelCall,
  { prepare, ...options }: ModelCallOptions,
): Promise<ModelAnswer> {
  const { cwd, limits, spending, slots } = asked;
  const adapter = adapterFor(asked.model, asked.script);
  const { directory, result, ...made } = await runCall(
    callsDirectory,
    asked.call,
    async () => ({
      command: { ...adapter.command(asked), cwd },
      prompt: await fittingPrompt(adapter, asked),
      limits,
      about: aboutOf(asked),
    }),
    {
      result: keptAnswerSchema,
      reader: (one) => answerReader(adapter, asked, one),
    },
    {
      ...options,
      environment: adapter.environment(process.env, asked, asked.pass),
      beforeTry: async (one) => {
        await prepare?.();
        // What is reserved is about to be spent.
        if (spending !== undefined) await tryBegins(spending, spendOf(asked), one);
        const slot = slots && (await takeSlot(slots, one, options.signal));
        return slot && { ended: slot.giveBack };
      },
    },
  );
  const path = join(directory, String(made.tryNumber), answerFile);
  const { usage, sha256, bytes } = result;
  return {
    call: made.call,
    source: made.source,
    answer: { path, sha256, bytes },
    usage,
    durationMs: made.durationMs,
    tryNumber: made.tryNumber,
  };
}

/** The longest prompt that a model is sent, in bytes. */
export const promptLimit = (
  {
    maxPromptBytes,
    defaultPromptBytes = maxPromptBytes,
  }: Pick<Adapter, 'maxPromptBytes' | 'defaultPromptBytes'>,
  settings: ModelSettings,
): number => Math.min(maxPromptBytes, settings.maxPromptBytes ?? defaultPromptBytes);

/**
 * The prompt behind one line that says which call this is: scripts match on it, and a person finds it in a vendor's
 * logs. A vendor's command may cut a longer prompt without a word, or fail when it was read and paid for.
 */
async function fittingPrompt(adapter: Adapter, asked: ModelCall): Promise<string> {
  const { model, settings } = asked;
  const most = promptLimit(adapter, settings);
  const header = `Blueprint-Call: ${callLine(asked)}\n\n`;
  const prompt = `${header}${await asked.prompt(most - Buffer.byteLength(header))}`;
  const bytes = Buffer.byteLength(prompt);
  if (bytes <= most) return prompt;
  const message = `The prompt has ${bytes} bytes; ${modelTitles[model]} takes at most ${most}. Nothing was sent.`;
  throw new CallError({ kind: 'context-too-long', message });
}

const callLine = ({ purpose, role, task, call: { round }, model }: ModelCall): string =>
  Object.entries({ purpose, role, task, round, model })
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field}=${value}`)
    .join(' ');

function aboutOf({ purpose, role, task, model }: Question): Record<string, string> {
  return { kind: 'model', purpose, role, ...(task === undefined ? {} : { task }), model };
}

const spendOf = ({ model, role, purpose, task, mode, settings }: Question) => ({
  model,
  role,
  purpose,
  task,
  mode,
  price: settings.price,
});

/** Turns a model's lines into `answer.md` in the try's directory. */
function answerReader(
  adapter: Adapter,
  { model, settings, spending }: ModelCall,
  one: TryRef,
): CallReader<KeptAnswer> {
  const eventsOf = adapter.reader();
  const answer = answerWriter(tryDirectory(one));
  const seen: SeenOutput = { result: false, textBytes: 0 };
  let usage: Usage = {};
  let worked = false;
  const failureAt = (end: CallEnd, textBytes: number): CallError | undefined => {
    if (!answer.tooLong()) return adapter.failure(end, { ...seen, textBytes }, model);
    const message = `${modelTitles[model]} gave an answer of over ${answerMaxBytes / 1024 / 1024} MiB.`;
    return new CallError({ kind: 'bad-output', message });
  };
  return {
    line(line) {
      for (const event of eventsOf(line)) {
        worked ||= ['text', 'thinking', 'tool'].includes(event.kind);
        if (event.kind === 'text') answer.add(event.text);
        if (event.kind === 'usage') usage = event.usage;
        if (event.kind === 'error') seen.error = event.error;
        if (event.kind === 'result') {
          seen.result = true;
          if (event.text !== undefined) answer.replace(event.text);
        }
      }
    },
    async finish(end) {
      const textBytes = answer.isBlank() ? 0 : answer.bytes();
      const error = failureAt(end, textBytes);
      // Before the result is kept: a finished call is never looked at again.
      if (spending !== undefined)
        await tryEnded(spending, settings.price, one, { error: error?.kind, usage, worked });
      if (error !== undefined) return { ok: false, error, unreached: error.kind === 'network' && !worked };
      return { ok: true, result: { ...answer.keep(), usage: priced(usage, settings.price) } };
    },
    close: () => answer.discard(),
  };
}
