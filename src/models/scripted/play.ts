/** Plays one step of a script: the prints, the waits and the misbehaviour that it asks for. */
import { readFileSync, writeSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type LedgerEntry, playedBefore, writeLedger } from './ledger.js';
import { findEntry, readScript, type Script, type ScriptedCall, type Step } from './script.js';

export interface Play {
  script: string;
  ledger: string | undefined;
  prompt: string;
  /** The call directory, absolute. */
  call: string;
  tryNumber: number;
}

const stdout = 1;
const stderr = 2;

/** A piece of an answer that asks for no other size. */
const defaultChunkBytes = 4_096;
const fillerLineBytes = 64 * 1024;

/** @returns the exit status */
export async function play({ script: file, ledger, prompt, call, tryNumber }: Play): Promise<number> {
  let script: Script;
  try {
    script = await readScript(file);
  } catch (error) {
    return printError('bad-output', error instanceof Error ? error.message : String(error));
  }
  const about = callOf(prompt);
  const entry = findEntry(script, about);
  const steps = script.answers[entry]?.steps ?? [];
  const { purpose, task, model } = about;
  const line = (event: LedgerEntry['event']): LedgerEntry => ({
    event,
    call: basename(call),
    try: tryNumber,
    pid: process.pid,
    at: Date.now(),
    entry,
    ...(purpose === undefined ? {} : { purpose }),
    ...(task === undefined ? {} : { task }),
    ...(model === undefined ? {} : { model }),
  });
  const before = ledger === undefined ? 0 : playedBefore(ledger, line('end'));
  if (ledger !== undefined) writeLedger(ledger, line('start'));
  const step = steps[Math.min(before, steps.length - 1)];
  const status =
    step === undefined
      ? printError('bad-output', `The script ${file} has no answer for ${describe(about)}.`)
      : await playStep({ ...script.defaults, ...step }, dirname(file), prompt);
  if (ledger !== undefined) writeLedger(ledger, line('end'));
  return status;
}

async function playStep(step: Step, directory: string, prompt: string): Promise<number> {
  // A handler of any kind: without one the signal would end the process.
  if (step.ignoreTerm)
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  if (step.delayMs) await delay(step.delayMs);
  if (step.stderr !== undefined) write(stderr, step.stderr);
  if (step.bytes) printFiller(step.bytes, step.newline ?? true);
  if (step.error !== undefined) {
    const { kind, message, ...rest } = step.error;
    return printError(kind, message ?? `The scripted model fails with ${kind}.`, rest, step.exit);
  }
  const answer = answerOf(step, directory);
  const end = step.newline === false ? '' : '\n';
  const lines = pieces(answer, step.chunkBytes ?? defaultChunkBytes).map((text) => ({ type: 'text', text }));
  const usage = { inputTokens: tokens(prompt), outputTokens: tokens(answer) };
  const events = step.noResult ? lines : [...lines, { type: 'result', usage }];
  for (const [index, event] of events.entries()) {
    if (index > 0 && step.chunkDelayMs) await delay(step.chunkDelayMs);
    write(stdout, JSON.stringify(event) + (index === events.length - 1 ? end : '\n'));
  }
  return step.exit ?? 0;
}

function answerOf({ answer, answerFile }: Step, directory: string): string {
  if (answerFile !== undefined) return readFileSync(resolve(directory, answerFile), 'utf8');
  if (answer === undefined) return '';
  return typeof answer === 'string' ? answer : JSON.stringify(answer, null, 2);
}

/** What the prompt's first line says: `Blueprint-Call: purpose=draft role=coder task=T003 …`. */
function callOf(prompt: string): ScriptedCall {
  const [first = ''] = prompt.split('\n', 1);
  if (!first.startsWith('Blueprint-Call:')) return { prompt };
  const fields = [...first.matchAll(/([a-z]+)=(\S+)/g)].map(([, name, value]) => [name, value]);
  return { ...Object.fromEntries(fields), prompt } as ScriptedCall;
}

const describe = ({ prompt: _, ...fields }: ScriptedCall): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ') || 'a prompt without a Blueprint-Call line';

function printError(kind: string, message: string, rest: object = {}, status = 1): number {
  write(stdout, `${JSON.stringify({ type: 'error', kind, message, ...rest })}\n`);
  return status;
}

function printFiller(bytes: number, lines: boolean): void {
  const line = lines ? `${'.'.repeat(fillerLineBytes - 1)}\n` : '.'.repeat(fillerLineBytes);
  for (let left = bytes; left > 0; left -= fillerLineBytes) write(stdout, line.slice(0, left));
  write(stdout, '\n');
}

/** Splits between characters, never inside one. */
function pieces(text: string, size: number): string[] {
  const found: string[] = [];
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + size);
    if (to < text.length && /[\uD800-\uDBFF]/.test(text[to - 1] ?? '')) to += 1;
    found.push(text.slice(from, to));
    from = to;
  }
  return found;
}

/** About what a model would count: four characters a token. */
const tokens = (text: string): number => Math.ceil(text.length / 4);

/** The streams are files, whose writes are whole or fail. */
function write(stream: number, text: string): void {
  writeSync(stream, text);
}
