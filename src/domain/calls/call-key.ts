/**
 * What a call is. A workflow says it, once, by one of the functions below; an activity is given the key and composes
 * none. The call's directory is named by it, so a key that changes is a call that is paid for again:
 *
 * - `name` says what is asked, and about which task: `spec`, `T003-draft`, `T003-draft-gemini`.
 * - `round` counts how often that has been asked for within the feature; it never begins again.
 * - `inputs` says what else the answer depends on: who is asked, and the ids, commits and hashes of what they are
 *   shown. It is written out here, and is not the activity's input: that may get a field without a call being lost.
 *
 * How often something is done has three words. An *ask* is a question put to one model; it is put again when the
 * answer cannot be used, and that is another call. A *try* is one process of a call: the store makes the next one when
 * a try has failed in a way that may pass. An *attempt* is Temporal's, of an activity: it takes up the calls that the
 * attempt before has left.
 */
import type { CommitHash, FileReference } from '../references.js';
import type { CheckResult } from '../tasks/checks.js';
import type {
  CompareWork,
  Correction,
  DraftResult,
  DraftWork,
  ReviewWork,
  TaskPlace,
} from '../tasks/draft.js';
import type { Plan, Task } from '../tasks/plan.js';
import type { ModelName } from '../vocabulary.js';
import { digest } from './digest.js';

export interface CallKey {
  /** Letters, digits, `.`, `_` and `-`: it is a part of a directory's name. */
  name: string;
  round: number;
  inputs: CallInputs;
}

/** Plain data: another value makes it another call. What is undefined counts as not there. */
export interface CallInputs {
  /** The version of what is written here. A higher one gives every call another name. */
  v: 1;
  [input: string]: CallInput;
}
type CallInput = string | number | undefined | readonly CallInput[] | { readonly [input: string]: CallInput };

/** Who is asked, and for the how-manieth time. */
export interface Ask {
  model: ModelName;
  /** Counts from 1. */
  ask: number;
  previous?: PreviousAnswer | undefined;
}

/** The answer before, which could not be used: the model is shown it, with what was wrong. */
export interface PreviousAnswer {
  answer: FileReference;
  problem: string;
}

export const specCall = (
  ask: Ask,
  round: number,
  about: { brief: FileReference; rejected?: { spec: FileReference; reason: string } | undefined },
): CallKey => ({
  name: 'spec',
  round,
  inputs: {
    ...askInputs(ask),
    brief: about.brief.sha256,
    rejected: about.rejected?.spec.sha256,
    reason: textInput(about.rejected?.reason),
  },
});

export const planCall = (
  ask: Ask,
  round: number,
  about: { spec: FileReference; rejected?: { plan: FileReference; reason: string } | undefined },
): CallKey => ({
  name: 'plan',
  round,
  inputs: {
    ...askInputs(ask),
    spec: about.spec.sha256,
    rejected: about.rejected?.plan.sha256,
    reason: textInput(about.rejected?.reason),
  },
});

export const refineCall = (
  ask: Ask,
  round: number,
  { spec, plan }: { spec: FileReference; plan: Plan },
): CallKey => ({
  name: 'refine',
  round,
  inputs: { ...askInputs(ask), spec: spec.sha256, plan: digest(plan) },
});

export const draftCall = (ask: Ask, work: Omit<DraftWork, 'correct'>): CallKey => ({
  name: taskCallName(work, 'draft'),
  round: work.attempt,
  inputs: { ...askInputs(ask), ...taskInputs(work), checks: digest(work.context.checkCommands) },
});

export const correctCall = (ask: Ask, work: DraftWork & { correct: Correction }): CallKey => {
  const { from, findings } = work.correct;
  return {
    name: taskCallName(work, 'correct'),
    round: work.attempt,
    inputs: {
      ...askInputs(ask),
      ...taskInputs(work),
      from: draftInput(from),
      review: findings.review?.sha256,
      checks: checksInput(findings.checks),
      reason: findings.reason && digest(findings.reason),
    },
  };
};

export const reviewCall = (ask: Ask, work: ReviewWork): CallKey => ({
  name: taskCallName(work, 'review'),
  round: work.attempt,
  inputs: {
    ...askInputs(ask),
    ...taskInputs(work),
    draft: work.draft && draftInput(work.draft),
    // Without a draft, the branch is judged since the feature began.
    since: work.draft === undefined ? work.context.featureBase : undefined,
    checks: checksInput(work.checks),
    reason: work.reason && digest(work.reason),
    earlier: work.earlier?.sha256,
  },
});

export const compareCall = (ask: Ask, work: CompareWork): CallKey => ({
  name: taskCallName(work, 'compare'),
  round: work.attempt,
  inputs: {
    ...askInputs(ask),
    ...taskInputs(work),
    drafts: work.drafts.map(({ label, draft, checks }) => [label, draftInput(draft), checksInput(checks)]),
  },
});

/** The checks of a draft. Like those below it names a run of several commands: see `stepCall`. */
export const checksCall = (place: TaskPlace, commit: CommitHash): CallKey =>
  run(taskCallName(place, 'checks'), place.attempt, { commit });

/** The checks of what a person changed in a draft. @param opening the number of the gate's opening that they approved */
export const manualChecksCall = (task: Task, opening: number, commit: CommitHash): CallKey =>
  run(`${task.id}-manual-checks`, opening, { commit });

/** The checks of an integration, where the branch has moved on since the draft was made. */
export const integrateCall = (
  { task, attempt }: TaskPlace,
  { base, draft }: { base: CommitHash; draft: CommitHash },
): CallKey => run(`${task.id}-integrate`, attempt, { base, draft });

/** Setup and checks of what the feature starts from. @param base undefined outside git, where none are run */
export const baselineCall = (round: number, base: CommitHash | undefined): CallKey =>
  run('baseline', round, { base });

export const resultChecksCall = (round: number, commit: CommitHash): CallKey =>
  run('result-checks', round, { commit });

/** Made by a client, not by a workflow: a merge is checked where the person is. */
export const mergeChecksCall = (round: number, commit: CommitHash): CallKey =>
  run('merge-checks', round, { commit });

const run = (name: string, round: number, about: Record<string, CallInput>): CallKey => ({
  name,
  round,
  inputs: { v: 1, ...about },
});

/** One command of a run of setup and checks. */
interface Step {
  kind: 'setup' | 'check';
  /** The check's name. */
  name: string;
  command: string;
  /** Where it runs, below the worktree. */
  folder?: string | undefined;
  /** What is checked out: an integration finds its commit only when it has merged. */
  commit: CommitHash;
  /** 2 for the second run of what was red. */
  turn: 1 | 2;
}

/**
 * One command of a run: the run's key, and the command's part of it. The one name that is made outside of a workflow,
 * by the module that runs checks: only there it is known which commands a run has.
 */
export const stepCall = (
  { name, round, inputs }: CallKey,
  { kind, name: check, command, folder, commit, turn }: Step,
): CallKey => ({
  name,
  round,
  inputs: { ...inputs, step: { kind, check, command, folder, commit, turn } },
});

/** `T003-draft`, `T003-draft-gemini`. */
const taskCallName = ({ task, label }: TaskPlace, what: string): string =>
  [task.id, what, ...(label === undefined ? [] : [label])].join('-');

const askInputs = ({ model, ask, previous }: Ask): CallInputs => ({
  v: 1,
  model,
  ask,
  previous: previous?.answer.sha256,
});

/** What all prompts of a task show. */
const taskInputs = ({ task, context }: Pick<DraftWork, 'task' | 'context'>) => ({
  task: digest(task),
  spec: context.spec.sha256,
  notes: context.notes.map((note) => note.sha256),
  base: context.base,
});

/** Outside git a draft is its files. */
const draftInput = ({ commit, base, outputs }: DraftResult): CallInput =>
  commit === undefined ? { outputs: outputs.map((output) => output.sha256) } : { commit, base };

/** A check's output lies in the directory of its own call, so its path says on what the check ran. */
const checksInput = (checks: readonly CheckResult[]): CallInput =>
  checks.map(({ name, passed, output }) => digest([name, passed, output]));

const textInput = (text: string | undefined): CallInput => (text === undefined ? undefined : digest(text));
