/** The prompts that there are, and what each is filled with. */
import type { Part } from './part.js';

const task = ['task', 'spec', 'notes'] as const;
/**
 * What the call itself adds. `problem` and `answer`: an answer that could not be used. `folder`: where the command may
 * read, or, in edit mode, what it edits; '' for a model that has no tools.
 */
const asked = ['problem', 'answer', 'folder'] as const;
const draft = [...task, 'repository', 'files', 'checks', ...asked] as const;
const correct = [
  ...task,
  'conventions',
  'draft',
  'files',
  'reason',
  'corrections',
  'checks',
  ...asked,
] as const;

/** The slots of each prompt. All are to be given; '' where there is nothing to say, which leaves its part out. */
export const promptSlots = {
  spec: ['brief', 'repository', 'files', 'rejected', 'reason', 'folder'],
  plan: ['spec', 'repository', 'files', 'rejected', 'reason', ...asked],
  refine: ['spec', 'plan', 'repository', ...asked],
  'draft-architecture': [...task, 'repository', 'files', ...asked],
  'draft-boilerplate': draft,
  'draft-boilerplate-edit': draft,
  'draft-code': draft,
  'draft-code-edit': draft,
  review: [...task, 'conventions', 'draft', 'files', 'checks', 'reason', 'earlier', ...asked],
  'review-task': [...task, 'conventions', 'draft', 'files', 'checks', ...asked],
  correct,
  'correct-edit': correct,
  'correct-architecture': [...task, 'draft', 'reason', 'corrections', ...asked],
  compare: [
    'task',
    'spec',
    'firstLabel',
    'first',
    'firstChecks',
    'secondLabel',
    'second',
    'secondChecks',
    ...asked,
  ],
} as const;

export type PromptName = keyof typeof promptSlots;
export type Slot = (typeof promptSlots)[PromptName][number];

/** What may be shortened to fit. All else is the work itself, and is never cut. */
type PartSlot = 'repository' | 'conventions' | 'files' | 'draft' | 'first' | 'second';

export type PromptSlots<Name extends PromptName> = {
  [S in (typeof promptSlots)[Name][number]]: S extends PartSlot ? string | Part : string;
};

/** A prompt and what it is filled with. */
export type Prompt = { [Name in PromptName]: { name: Name; slots: PromptSlots<Name> } }[PromptName];

/** Slots that stand within a line: words of ours, and paths. `boundary` is there in every prompt. */
export const wordSlots: readonly string[] = ['boundary', 'folder', 'firstLabel', 'secondLabel'];
