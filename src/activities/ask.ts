/** One question to a model, as every activity that asks one does it: the call, the answer, and what it could be read as. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { modelSettings } from '../domain/model-settings.js';
import type { FileReference } from '../domain/references.js';
import type { Purpose, Role } from '../domain/vocabulary.js';
import { readArtifact } from '../feature/artifacts.js';
import type { AnswerSchema } from '../models/answers/schemas.js';
import { callModel } from '../models/model-call.js';
import { modelLimits } from './context.js';
import type { Following } from './following.js';
import type { Answered, CallSummary, ModelCallInput } from './types.js';

export interface Question {
  /** The call's name, before its number. */
  name: string;
  purpose: Purpose;
  role: Role;
  task?: string | undefined;
  /** See `CommandRequest`. */
  schema?: AnswerSchema | undefined;
  /** Has the command edit this worktree; made ready before each try. Absent: the answer is text. */
  edit?: { worktree: string; prepare: () => Promise<void> } | undefined;
  /** The command may read the project. */
  reads?: boolean | undefined;
  /** Renders the prompt, with the bad answer before where there is one. Asked only for a call not made before. */
  prompt: (again: Again) => Promise<string>;
}

/** An answer that is asked for again: what was wrong with it, and what it was. Both empty the first time. */
export interface Again {
  problem: string;
  answer: string;
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
 * @param input the activity's input: the call is named by it, and never made again for the same
 * @param read what the answer is, or what is wrong with it
 */
export async function ask<T>(
  input: ModelCallInput,
  follow: Following,
  question: Question,
  read: (text: string) => Promise<Reading<T>>,
): Promise<Answered<T>> {
  const { config } = follow.input;
  follow.begins(question.name, input.round);
  const made = await callModel(
    follow.calls,
    {
      name: question.name,
      round: input.round,
      inputs: input,
      purpose: question.purpose,
      role: question.role,
      task: question.task,
      model: input.model,
      mode: question.edit === undefined ? 'text' : 'edit',
      settings: modelSettings(config, input.model, question.role),
      schema: question.schema,
      readable: question.reads === true ? follow.input.root : undefined,
      script: config.script,
      ledger: join(follow.directory, ledgerName),
      // An answer in text needs no files: the command is kept away from the project.
      cwd: question.edit?.worktree ?? follow.directory,
      prompt: async () => question.prompt(await again(input, follow)),
      limits: modelLimits(follow),
      pass: config.env.pass,
      slots: { directory: join(follow.input.root, '.blueprint', 'slots'), most: config.maxParallelCalls },
    },
    { letGo: follow.letGo, now: follow.now, beforeTry: question.edit?.prepare },
  );
  const { answer, source, usage, durationMs } = made;
  const call: CallSummary = { call: made.call, model: input.model, source, usage, durationMs };
  const reading = await read(await readFile(answer.path, 'utf8'));
  if (reading.ok) return { ...reading, call };
  const raw: FileReference = {
    path: relative(follow.directory, answer.path),
    sha256: answer.sha256,
    bytes: answer.bytes,
  };
  return { ok: false, call, problem: reading.problem.slice(0, problemChars), raw };
}

async function again({ previous }: ModelCallInput, { directory }: Following): Promise<Again> {
  if (previous === undefined) return { problem: '', answer: '' };
  const answer = await readArtifact(directory, previous.answer);
  return { problem: previous.problem, answer: answer.slice(0, badAnswerChars) };
}

/** Where a project keeps prompts of its own, which take the place of ours. */
export const ownPrompts = ({ input }: Pick<Following, 'input'>): string =>
  join(input.root, '.blueprint', 'prompts');
