/** What each prompt is for, and what one of a project's own cannot do without. */
import type { Role } from '../../domain/vocabulary.js';
import type { PromptName, Slot } from './slots.js';

interface PromptUse {
  role: Role;
  about: string;
  /** Without these the call would not be about its work: a rejection would change nothing. */
  needs: readonly Slot[];
  /** What the answer's reader looks for: a prompt that does not say them gets answers that cannot be read. */
  words: readonly string[];
}

const task = ['task', 'spec', 'notes'] as const;
const correct = [...task, 'draft', 'reason', 'corrections', 'checks', 'problem'] as const;
const plan = ['JSON', 'tasks', 'title', 'dependsOn'];
const review = ['JSON', 'approved', 'corrections'];
const files = ['path='];

export const promptUses: Readonly<Record<PromptName, PromptUse>> = {
  spec: {
    role: 'architect',
    about: 'the specification from the brief',
    needs: ['brief', 'rejected', 'reason'],
    words: ['Open questions'],
  },
  plan: {
    role: 'parser',
    about: 'the tasks from the specification',
    needs: ['spec', 'rejected', 'reason', 'problem'],
    words: plan,
  },
  refine: {
    role: 'reviewer',
    about: 'the plan, examined and mended',
    needs: ['spec', 'plan', 'problem'],
    words: plan,
  },
  'draft-architecture': {
    role: 'architect',
    about: 'notes of an architecture task',
    needs: [...task, 'problem'],
    words: [],
  },
  'draft-boilerplate': {
    role: 'boilerplate',
    about: 'a boilerplate task, as text',
    needs: [...task, 'problem'],
    words: files,
  },
  'draft-boilerplate-edit': {
    role: 'boilerplate',
    about: 'a boilerplate task, edited in place',
    needs: [...task, 'problem'],
    words: [],
  },
  'draft-code': {
    role: 'coder',
    about: 'a code task, as text',
    needs: [...task, 'problem'],
    words: files,
  },
  'draft-code-edit': {
    role: 'coder',
    about: 'a code task, edited in place',
    needs: [...task, 'problem'],
    words: [],
  },
  review: {
    role: 'reviewer',
    about: 'a review of a draft',
    needs: [...task, 'draft', 'checks', 'problem'],
    words: review,
  },
  'review-task': {
    role: 'reviewer',
    about: 'a review task: the branch as a whole',
    needs: [...task, 'draft', 'checks', 'problem'],
    words: review,
  },
  correct: { role: 'corrector', about: 'a correction, as text', needs: correct, words: files },
  'correct-edit': { role: 'corrector', about: 'a correction, edited in place', needs: correct, words: [] },
  'correct-architecture': {
    role: 'corrector',
    about: 'a correction of architecture notes',
    needs: [...task, 'draft', 'reason', 'corrections', 'problem'],
    words: [],
  },
  compare: {
    role: 'reviewer',
    about: 'the better of a race’s two drafts',
    needs: ['task', 'spec', 'firstLabel', 'first', 'secondLabel', 'second', 'problem'],
    words: ['JSON', 'selected'],
  },
};

/** What several prompts have in common, each in a file of its own. */
export const partUses = {
  material: 'what is material and what is a rule; whether the model has tools',
  'material-edit': 'the same in edit mode: what may be edited',
  'answer-files': 'how an answer gives files',
  'answer-edit': 'how an answer in edit mode ends',
  'plan-format': 'how a plan is written',
  'review-format': 'how a review is written',
  again: 'an answer that could not be used, asked for again',
  'again-edit': 'the same in edit mode',
} as const;

export type PartName = keyof typeof partUses;
