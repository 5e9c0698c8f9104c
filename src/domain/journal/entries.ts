/** The journal's entries: every transition, decision, error and correction, as one line each. */
import * as z from 'zod';
import { budgetSchema } from '../config/schema.js';
import { openGateSchema } from '../feature/open-gate.js';
import { usageSchema } from '../money/usage.js';
import { isReason, type Reason, type RouteReason } from '../reasons.js';
import { fileReferenceSchema } from '../references.js';
import { checkOfShape } from '../schema-check.js';
import { checkResultSchema } from '../tasks/check-schema.js';
import { modelNames, phases, purposes, roles, taskStates, taskTypes } from '../vocabulary.js';

// Of a reason only its form is looked at: what its parameters are follows from its code, where it is written.
const reason = z.custom<Reason>(isReason);
const routeReason = z.custom<RouteReason>(isReason);
const model = z.enum(modelNames);
const purpose = z.enum(purposes);
const task = z.string();
const ofTask = task.optional();
const state = z.enum(taskStates);
const commit = z.string();
const paths = z.array(z.string());
const results = z.array(checkResultSchema);

/** How the answer of a call was obtained: its process started here, taken over from a lost worker, or found finished. */
const source = z.enum(['made', 'adopted', 'reused']);
export type CallSource = z.infer<typeof source>;

/** What each kind of entry says. Made when the first of its kind is read: a reader meets few of them. */
const shapes = {
  phase: () => ({ phase: z.enum(phases), reason: reason.optional() }),
  mode: () => ({ mode: z.enum(['static', 'interactive']) }),
  /** Which model was chosen for which role, of what size, and why. */
  route: () => ({
    role: z.enum(roles),
    purpose,
    task: ofTask,
    model,
    scripted: z.boolean(),
    contentChars: z.number(),
    reason: routeReason,
  }),
  /** A call that ended well. Failed tries are `error` entries. */
  call: () => ({
    /** The call directory's name. */
    call: z.string(),
    purpose,
    task: ofTask,
    model,
    source,
    usage: usageSchema,
    durationMs: z.number(),
  }),
  prepared: () => ({
    setup: z.string().nullable(),
    checks: z.array(z.string()),
    baseline: results,
    available: z.array(model),
  }),
  spec: () => ({ file: fileReferenceSchema, questions: z.array(z.string()) }),
  plan: () => ({
    file: fileReferenceSchema,
    tasks: z.array(
      z.object({ id: task, title: z.string(), type: z.enum(taskTypes), dependsOn: z.array(task) }),
    ),
    refined: z.boolean(),
    /** A person's edit, or a task added for a rejected result: no plan was made by a model. */
    edited: z.boolean().optional(),
  }),
  task: () => ({
    task,
    state,
    round: z.number(),
    reason: reason.optional(),
    commit: commit.optional(),
  }),
  /** What a running task does just now: `draft`, `checks`, `review`, `correct`, `compare`, `integrate`. */
  step: () => ({
    task,
    step: z.string(),
    iteration: z.number(),
    model: model.optional(),
    /** The most corrections of the round, where the step is one. */
    of: z.number().optional(),
  }),
  draft: () => ({
    task,
    attempt: z.number(),
    commit: commit.optional(),
    files: paths,
    model,
    label: z.string().optional(),
  }),
  /** What a person changed in a task's worktree and approved. */
  taken: () => ({
    task,
    attempt: z.number(),
    commit: commit.optional(),
    files: paths,
    /** Absent where git does not know who it is. */
    author: z.string().optional(),
  }),
  checks: () => ({ task: ofTask, attempt: z.number(), results, label: z.string().optional() }),
  review: () => ({
    task,
    attempt: z.number(),
    approved: z.boolean(),
    feedback: z.string(),
    corrections: z.array(z.string()),
    model,
    sameAsAuthor: z.boolean(),
    /** Changed paths that were judged, a bounded number of them. */
    files: paths,
  }),
  correction: () => ({ task, iteration: z.number(), of: z.number(), model }),
  /** The corrections of a round are used up and the draft is not approved: a person decides. */
  unapproved: () => ({ task, iterations: z.number() }),
  race: () => ({ task, selected: z.string(), reason, judgedBy: z.enum(['checks', 'supervisor']) }),
  integrated: () => ({ task, attempt: z.number(), commit }),
  conflict: () => ({ task, reason }),
  /** A person put the feature back to an earlier moment, or forward again to what an earlier rewind had undone. */
  rewound: () => ({
    /** Counts the feature's rewinds; names what is kept: `rewound/<number>`. */
    number: z.number(),
    /** As it was named: a task, `start`, `rewound/<number>`. */
    to: z.string(),
    /** The ref that keeps what was undone; absent outside git, as the commits are. */
    ref: z.string().optional(),
    from: commit.optional(),
    head: commit.optional(),
    /** Every task of the plan that stands from here on. */
    tasks: z.array(z.object({ id: task, state, commit: commit.optional() })),
  }),
  /** A person took the result into a branch of theirs. */
  merged: () => ({ into: z.string(), commit }),
  'gate-opened': () => ({ gate: openGateSchema }),
  'gate-closed': () => ({
    gate: z.string(),
    number: z.number(),
    decision: z.enum(['approved', 'rejected', 'withdrawn']),
    message: z.string().optional(),
    automatic: z.boolean(),
  }),
  /** A decision that came too late, or for a gate that is not open: reported, and without effect. */
  ignored: () => ({ reason }),
  /** The whole feature was stopped by a person, or goes on after that. */
  stopped: () => ({}),
  resumed: () => ({}),
  saved: () => ({ path: z.string() }),
  /** A person set new limits of the budget. */
  budget: () => ({ limits: budgetSchema }),
  /** Nothing can move without a person. */
  waiting: () => ({ reason }),
  result: () => ({ head: commit.optional(), verified: z.boolean(), checks: results }),
  warning: () => ({ reason, task: ofTask }),
  error: () => ({
    reason,
    task: ofTask,
    /** The file that keeps an answer that could not be used, below the feature directory. */
    rawOutput: z.string().optional(),
  }),
} satisfies Record<string, () => z.ZodRawShape>;

/** What happened, before it is said when and in which workflow. */
export type JournalEvent = {
  [K in Kind]: z.infer<z.ZodObject<{ kind: z.ZodLiteral<K> } & ReturnType<Shapes[K]>>>;
}[Kind];
type Shapes = typeof shapes;
type Kind = keyof Shapes;

/** One line of the journal. The same `{workflow, run, seq}` twice is the same entry. */
export type JournalEntry = JournalEvent & z.infer<z.ZodObject<typeof stamp>>;
const stamp = {
  /** Milliseconds since 1970, by the workflow's clock. */
  at: z.number(),
  workflow: z.string(),
  run: z.string(),
  seq: z.number(),
};

const checks: { [K in Kind]?: (value: unknown) => boolean } = {};

/** Whether a line's object is an entry of a kind that is known here. */
export function isEntry(value: object): value is JournalEntry {
  if (!('kind' in value) || !isKind(value.kind)) return false;
  const { kind } = value;
  checks[kind] ??= checkOfShape({ ...shapes[kind](), ...stamp });
  return checks[kind](value);
}

const isKind = (kind: unknown): kind is Kind => typeof kind === 'string' && Object.hasOwn(shapes, kind);
