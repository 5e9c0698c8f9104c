/** One question to a model, as every activity that asks one does it: the call, the answer, and what it could be read as. */

import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Answered, AnsweredCall, ModelCallInput } from '../domain/calls/answer.js';
import { modelSettings } from '../domain/models/settings.js';
import type { FileReference } from '../domain/references.js';
import { readArtifact } from '../feature/artifacts.js';
import type { WorkScope } from '../feature/scope.js';
import { adapterFor } from '../models/adapters/index.js';
import { modelSlots } from '../models/calls/slots/slots.js';
import { modelLimits } from '../models/limits.js';
import { callModel } from '../models/model-call.js';
import { renderPrompt } from '../models/prompts/index.js';
import type { Prompt } from '../models/prompts/slots.js';
import type { Question } from '../models/question.js';
import { renderOptions } from '../prompt-context/pipeline-prompts.js';
import type { WorktreeRef } from './worktree-ref.js';

/** A question whose model and place are still to be filled in. */
export interface OpenQuestion extends Pick<Question, 'purpose' | 'role' | 'task' | 'schema'> {
  /** Has the command edit this worktree. Absent: the answer is text. */
  edit?: WorktreeRef | undefined;
  /** Lets the command read this worktree, if its model can. */
  reads?: WorktreeRef | undefined;
  /** What is asked. Not called for a call that was made before. */
  prompt: (asked: AskSlots) => Promise<Prompt>;
}

/** What the call itself adds to a prompt. */
export interface AskSlots {
  /** An answer that is asked for again: what was wrong with it, and what it was. Both empty the first time. */
  problem: string;
  answer: string;
  /** Where the command may read, or what it edits; empty for a model without tools. */
  folder: string;
}

/** The scripted model's account of its calls, in the feature directory. */
const ledgerName = 'scripted-ledger.jsonl';

/** An answer that could not be used goes back to the model; what matters is at its beginning. */
const badAnswerChars = 20_000;

/** Problems go into the history and to the model: long ones are cut. */
const problemChars = 4_000;

export type Reading<T> = ({ ok: true } & T) | { ok: false; problem: string };

/**
 * Asks, and reads the answer.
 *
 * @param input says which call it is: one that was made before is not made again
 * @param read what the answer is, or what is wrong with it
 */
export async function ask<T>(
  input: ModelCallInput,
  scope: WorkScope,
  question: OpenQuestion,
  read: (text: string) => Promise<Reading<T>>,
): Promise<Answered<T>> {
  const { config } = scope.input;
  const reads = adapterFor(input.model, config.script).reads ? question.reads : undefined;
  const worktree = question.edit ?? reads;
  scope.registerCall(input.call);
  const made = await callModel(
    scope.calls,
    {
      call: input.call,
      purpose: question.purpose,
      role: question.role,
      task: question.task,
      model: input.model,
      mode: question.edit === undefined ? 'text' : 'edit',
      settings: modelSettings(config, input.model, question.role),
      schema: question.schema,
      readable: reads?.path,
      script: config.script,
      ledger: join(scope.directory, ledgerName),
      // An answer in text needs no files: the command is kept away from the project.
      cwd: question.edit?.path ?? scope.directory,
      prompt: async (maxBytes) =>
        renderPrompt(
          await question.prompt({ ...(await again(input, scope)), folder: worktree?.path ?? '' }),
          renderOptions(scope.input, input.model, maxBytes),
        ),
      limits: modelLimits(config),
      pass: config.env.pass,
      spending: { directory: scope.directory, config },
      slots: modelSlots(scope.input.root, config),
    },
    { signal: scope.signal, now: scope.now, prepare: worktree?.prepare },
  );
  const { answer, source, usage, durationMs } = made;
  const call: AnsweredCall = { call: made.call, model: input.model, source, usage, durationMs };
  const reading = await read(await readFile(answer.path, 'utf8'));
  if (reading.ok) return { ...reading, call };
  const raw: FileReference = {
    path: relative(scope.directory, answer.path),
    sha256: answer.sha256,
    bytes: answer.bytes,
  };
  return { ok: false, call, problem: reading.problem.slice(0, problemChars), raw };
}

async function again(
  { previous }: ModelCallInput,
  { directory }: WorkScope,
): Promise<Omit<AskSlots, 'folder'>> {
  if (previous === undefined) return { problem: '', answer: '' };
  const answer = await readArtifact(directory, previous.answer);
  return { problem: previous.problem, answer: answer.slice(0, badAnswerChars) };
}
