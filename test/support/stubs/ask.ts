/** A question to a stubbed model: kept like a call of the store, paid for from the feature's real budget. */
import { Context } from '@temporalio/activity';
import type { Answered, ModelCallInput } from '../../../src/domain/calls/answer.js';
import { retryDelayMs } from '../../../src/domain/models/call-errors.js';
import type { Purpose, Role } from '../../../src/domain/vocabulary.js';
import { readArtifact, saveArtifact, sha256 } from '../../../src/feature/artifacts.js';
import type { FeatureFolder } from '../../../src/feature/scope.js';
import { reserve, settle } from '../../../src/models/calls/spending/budget.js';
import { CallError } from '../../../src/models/errors.js';
import type { StubStep } from './script.js';
import type { Stage } from './stage.js';

type Reading<T> = ({ ok: true } & T) | { ok: false; problem: string };

const roles: Record<Purpose, Role> = {
  spec: 'architect',
  plan: 'parser',
  refine: 'reviewer',
  draft: 'coder',
  correct: 'corrector',
  review: 'reviewer',
  compare: 'reviewer',
};

/** What every answered call has used. */
const usage = { inputTokens: 100, outputTokens: 10 };

/** @param read what the answer is, or what is wrong with it */
export async function ask<T>(
  stage: Stage,
  folder: FeatureFolder,
  input: ModelCallInput,
  about: { purpose: Purpose; task?: string },
  read: (text: string) => Reading<T> | Promise<Reading<T>>,
): Promise<Answered<T>> {
  const key = JSON.stringify(input.call);
  const directory = `${input.call.name}.${input.call.round}-${sha256(key).slice(0, 8)}`;
  const before = stage.finished.get(key);
  if (before !== undefined && 'error' in before) throw before.error;
  const answer = before?.answer ?? (await make(stage, folder, input, { ...about, key, directory }));
  const call = {
    call: directory,
    model: input.model,
    source: before === undefined ? 'made' : 'reused',
    usage,
    durationMs: 1,
  } as const;
  const reading = await read(answer);
  if (reading.ok) return { ...reading, call };
  const raw = await saveArtifact(folder.directory, `answers/${directory}.txt`, answer);
  return { ok: false, call, problem: reading.problem, raw };
}

/** Makes a try of the call. What it comes to for good is kept. */
async function make(
  stage: Stage,
  folder: FeatureFolder,
  input: ModelCallInput,
  { key, directory, purpose, task }: { key: string; directory: string; purpose: Purpose; task?: string },
): Promise<string> {
  const { name, round, inputs } = input.call;
  const { config } = folder.input;
  const failed = stage.failedTries.get(key) ?? 0;
  const spent = { call: directory, tryNumber: failed + 1 };
  const spending = { directory: folder.directory, config };
  const estimate = { inputTokens: 100, outputTokens: 10, usd: 0 };
  await reserve(spending, { ...spent, model: input.model, role: roles[purpose], purpose, task, estimate });
  stage.started.push(`${name}.${round}`);
  const told = await whatItIsTold(stage, folder, input);
  const { step, played } = stage.player.next({ name, round, purpose, model: input.model, task, told });
  await waitFor(step);
  played();
  await settle(folder.directory, spent, {
    ok: step.error === undefined,
    usage: step.error === undefined ? usage : {},
  });
  if (step.error === undefined) {
    const answer = typeof step.answer === 'string' ? step.answer : JSON.stringify(step.answer);
    stage.finished.set(key, { answer });
    stage.answered.push(`${name}.${round} by ${input.model}, ask ${inputs.ask}`);
    return answer;
  }
  stage.failedTries.set(key, failed + 1);
  const { kind, message = `It is ${kind}.`, retryAfterMs, resetAt } = step.error;
  const last = failed + 1 >= config.limits.tries;
  const next = last ? 'final' : { retryInMs: retryDelayMs(failed + 1, retryAfterMs) };
  const error = new CallError({ kind, message, retryAfterMs, resetAt }, next);
  if (error.final) stage.finished.set(key, { error });
  throw error;
}

/** @throws CancelledFailure when the call is stopped meanwhile */
async function waitFor({ hangs, after }: StubStep): Promise<void> {
  const stopped = Context.current().cancelled;
  if (hangs === true) await stopped;
  else if (after !== undefined) await Promise.race([after, stopped]);
}

/** The input, with all that it refers to. */
async function whatItIsTold(stage: Stage, { directory }: FeatureFolder, input: unknown): Promise<string> {
  const texts: string[] = [JSON.stringify(input)];
  const visit = async (value: unknown): Promise<void> => {
    if (typeof value === 'string') texts.push(stage.texts.get(value) ?? '');
    if (typeof value !== 'object' || value === null) return;
    const { path, sha256: hash, bytes } = value as Record<string, unknown>;
    if (typeof path === 'string' && typeof hash === 'string' && typeof bytes === 'number')
      texts.push(await readArtifact(directory, { path, sha256: hash, bytes }).catch(() => ''));
    for (const part of Object.values(value)) await visit(part);
  };
  await visit(input);
  return texts.join('\n');
}
