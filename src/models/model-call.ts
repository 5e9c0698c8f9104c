/** One request to one model: an adapter's command, made and followed by the call store. */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CallSource } from '../domain/journal.js';
import type { ModelSettings } from '../domain/model-settings.js';
import { priced, type Usage } from '../domain/usage.js';
import { type Mode, type ModelName, modelTitles, type Purpose, type Role } from '../domain/vocabulary.js';
import type { Adapter, CommandRequest, Seen } from './adapter.js';
import { adapterFor } from './adapters/index.js';
import type { AnswerSchema } from './answers/schemas.js';
import { type CallSlots, withSlot } from './call-slots.js';
import { runCall } from './calls/store.js';
import type { CallLimits, CallReader, FollowOptions } from './calls/types.js';
import { CallError } from './errors.js';

export interface ModelRequest {
  /** Such as `T003-review`. */
  name: string;
  round: number;
  /** Whatever the answer depends on. */
  inputs: unknown;
  purpose: Purpose;
  role: Role;
  task?: string | undefined;
  model: ModelName;
  mode: Mode;
  settings: ModelSettings;
  /** See `CommandRequest`. */
  schema?: AnswerSchema | undefined;
  /** See `CommandRequest`. */
  readable?: string | undefined;
  /** Absolute path of the file that every model is played from, or null. */
  script: string | null;
  /** Absolute path of the scripted model's ledger. */
  ledger: string;
  /** Where the command runs. */
  cwd: string;
  /** Asked only when the call has no prompt yet. */
  prompt: () => Promise<string>;
  limits: CallLimits;
  /** Names of environment variables that the command gets besides its own. */
  pass: string[];
  /** The places that its process shares with all others of the project; as many as come where absent. */
  slots?: CallSlots | undefined;
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

/** No plan and no draft is as long; what is goes round in circles. */
const answerMaxBytes = 8 * 1024 * 1024;

const answerFile = 'answer.md';

interface KeptAnswer {
  sha256: string;
  bytes: number;
  usage: Usage;
}

/**
 * Asks a model, or gives the answer that it gave before.
 *
 * @throws CallError, see `runCall`; `not-installed` for a model that has no adapter
 * @throws the reason of `options.letGo` when that is aborted
 */
export async function callModel(
  callsDirectory: string,
  request: ModelRequest,
  options: Omit<FollowOptions, 'environment'>,
): Promise<ModelAnswer> {
  const { name, round, inputs, model, script, ledger, cwd, limits } = request;
  const adapter = adapterFor(model, script);
  if (adapter === undefined)
    throw new CallError({ kind: 'not-installed', message: `There is no adapter for ${modelTitles[model]}.` });
  const about = aboutOf(request);
  const command: CommandRequest = {
    role: request.role,
    purpose: request.purpose,
    mode: request.mode,
    settings: request.settings,
    cwd,
    ledger,
    ...(request.schema === undefined ? {} : { schema: request.schema }),
    ...(request.readable === undefined ? {} : { readable: request.readable }),
    ...(script === null ? {} : { script }),
  };
  const { directory, result, ...call } = await runCall<KeptAnswer>(
    callsDirectory,
    { name, round, inputs },
    async () => ({
      command: { ...adapter.command(command), cwd },
      // One line that says which call this is: scripts match on it, and a person finds it in a vendor's logs.
      prompt: fitting(`Blueprint-Call: ${callLine(request)}\n\n${await request.prompt()}`, adapter, request),
      limits,
      about,
    }),
    (tryDirectory) => answerReader(adapter, request, tryDirectory),
    {
      ...options,
      beforeTry: withSlot(request.slots, options.letGo, options.beforeTry),
      environment: adapter.environment(process.env, command, request.pass),
    },
  );
  const path = join(directory, String(call.tryNumber), answerFile);
  const { usage, sha256, bytes } = result;
  return {
    call: call.call,
    source: call.source,
    answer: { path, sha256, bytes },
    usage,
    durationMs: call.durationMs,
    tryNumber: call.tryNumber,
  };
}

/** A vendor's command may cut a longer prompt without a word, or fail when it was read and paid for. */
function fitting(prompt: string, adapter: Adapter, { model, settings }: ModelRequest): string {
  const bytes = Buffer.byteLength(prompt);
  const most = Math.min(adapter.maxPromptBytes, settings.maxPromptBytes ?? Number.POSITIVE_INFINITY);
  if (bytes <= most) return prompt;
  const message = `The prompt has ${bytes} bytes; ${modelTitles[model]} takes at most ${most}. Nothing was sent.`;
  throw new CallError({ kind: 'context-too-long', message });
}

const callLine = (request: ModelRequest): string =>
  (['purpose', 'role', 'task', 'round', 'model'] as const)
    .filter((field) => request[field] !== undefined)
    .map((field) => `${field}=${request[field]}`)
    .join(' ');

function aboutOf({ purpose, role, task, model }: ModelRequest): Record<string, string> {
  return { kind: 'model', purpose, role, ...(task === undefined ? {} : { task }), model };
}

/** Turns a model's lines into `answer.md` in the try's directory. */
function answerReader(
  adapter: Adapter,
  { model, settings }: ModelRequest,
  tryDirectory: string,
): CallReader<KeptAnswer> {
  const eventsOf = adapter.reader();
  const answer = answerWriter(tryDirectory);
  const seen: Seen = { result: false, textBytes: 0 };
  let usage: Usage = {};
  return {
    line(line) {
      for (const event of eventsOf(line)) {
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
      if (answer.tooLong()) {
        const message = `${modelTitles[model]} gave an answer of over ${answerMaxBytes / 1024 / 1024} MiB.`;
        return { ok: false, error: new CallError({ kind: 'bad-output', message }) };
      }
      const textBytes = answer.isBlank() ? 0 : answer.bytes();
      const error = adapter.failure(end, { ...seen, textBytes }, model);
      if (error !== undefined) return { ok: false, error };
      return { ok: true, result: { ...answer.keep(), usage: priced(usage, settings.price) } };
    },
    close: () => answer.discard(),
  };
}

interface AnswerWriter {
  add(text: string): void;
  /** What was added before is not the answer: this is. */
  replace(text: string): void;
  bytes(): number;
  isBlank(): boolean;
  tooLong(): boolean;
  /** Puts the answer in its place, flushed to disk. */
  keep(): { sha256: string; bytes: number };
  /** Removes what was not kept. */
  discard(): void;
}

/**
 * Writes synchronously, a line's text at a time, so that an answer is never held whole. Each follower writes aside:
 * two of them make the same file.
 */
function answerWriter(tryDirectory: string): AnswerWriter {
  const aside = join(tryDirectory, `.${answerFile}.${process.pid}.${randomBytes(4).toString('hex')}`);
  let file: number | undefined;
  let hash = createHash('sha256');
  let bytes = 0;
  let blank = true;

  const add = (text: string): void => {
    const data = Buffer.from(text);
    bytes += data.length;
    if (bytes > answerMaxBytes) return;
    blank &&= text.trim() === '';
    file ??= openSync(aside, 'wx', 0o600);
    hash.update(data);
    writeSync(file, data);
  };
  const discard = (): void => {
    if (file === undefined) return;
    closeSync(file);
    file = undefined;
    rmSync(aside, { force: true });
  };

  return {
    add,
    replace(text) {
      discard();
      hash = createHash('sha256');
      bytes = 0;
      blank = true;
      add(text);
    },
    bytes: () => bytes,
    isBlank: () => blank,
    tooLong: () => bytes > answerMaxBytes,
    keep() {
      if (file === undefined) throw new Error('There is no answer to keep.');
      fsyncSync(file);
      closeSync(file);
      file = undefined;
      renameSync(aside, join(tryDirectory, answerFile));
      return { sha256: hash.digest('hex'), bytes };
    },
    discard,
  };
}
