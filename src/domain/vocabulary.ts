/**
 * The words of Blueprint, one for each thing. Code, commands, files and documentation use these and no others.
 * Types only and constant lists: every layer imports this file, workflow code included.
 */

export const taskTypes = ['architecture', 'boilerplate', 'code', 'review'] as const;
export type TaskType = (typeof taskTypes)[number];

export const roles = ['architect', 'parser', 'boilerplate', 'coder', 'reviewer', 'corrector'] as const;
export type Role = (typeof roles)[number];

export const modelNames = ['claude', 'codex', 'gemini', 'deepseek', 'openai-compatible', 'scripted'] as const;
export type ModelName = (typeof modelNames)[number];

/** `text`: the answer holds the files. `edit`: the command edits the worktree itself. */
export const modes = ['text', 'edit'] as const;
export type Mode = (typeof modes)[number];

/** What a call to a model is for. Setup and checks run in the same call store and are no model calls. */
export const purposes = ['spec', 'plan', 'refine', 'draft', 'review', 'correct', 'compare'] as const;
export type Purpose = (typeof purposes)[number];

/** `missing`: planned and not begun. `waiting`: waits for a person. */
export const taskStates = [
  'missing',
  'blocked',
  'running',
  'waiting',
  'done',
  'failed',
  'stopped',
  'skipped',
] as const;
export type TaskState = (typeof taskStates)[number];

/** Where a feature stands. `waiting` is no phase: a feature waits where a gate is open or nothing can move. */
export const phases = ['prepare', 'spec', 'plan', 'execution', 'result', 'done', 'failed'] as const;
export type Phase = (typeof phases)[number];

/** Model names as a person writes them. */
export const modelTitles: Record<ModelName, string> = {
  claude: 'Claude',
  codex: 'Codex',
  gemini: 'Gemini',
  deepseek: 'DeepSeek',
  'openai-compatible': 'OpenAI-compatible',
  scripted: 'Scripted',
};
