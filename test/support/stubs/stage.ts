/** What a stubbed feature is played with, and what is seen of it. */
import type { ConfigInput } from '../../../src/domain/config/schema.js';
import type { OpenGate } from '../../../src/domain/feature/gates.js';
import type { FeatureMode, Preparation } from '../../../src/domain/feature/types.js';
import type { CommitHash } from '../../../src/domain/references.js';
import type { CheckResult } from '../../../src/domain/tasks/checks.js';
import type {
  ChecksInput,
  IntegrateInput,
  IntegrateOutcome,
  TakeInput,
  TakenDraft,
} from '../../../src/domain/tasks/steps.js';
import { sha256 } from '../../../src/feature/artifacts.js';
import type { WorkState } from '../../../src/feature/rewound.js';
import { createPlayer, type StubEntry } from './script.js';

/** What a test says of its feature's world. */
export interface StubWorld {
  mode: FeatureMode;
  /** What the models answer; an entry for everything that they are asked. */
  answers: readonly StubEntry[];
  config?: ConfigInput;
  /** The brief is the specification already. */
  briefIsSpec?: boolean;
  /** The project is no git repository. */
  withoutGit?: boolean;
  preparation?: Partial<Preparation>;
  /** The names of the checks that are red on a draft's text; none by default. */
  breaks?: (text: string, place: ChecksInput['place']) => readonly string[];
  /** The protected files that a draft's text changes. */
  protectedEdits?: (text: string) => string[];
  /** What an integration comes to; undefined, and by default: a commit. */
  integrate?: (input: IntegrateInput, text: string) => IntegrateOutcome | undefined;
  /** What a person has changed in a draft's worktree; nothing by default. */
  takes?: (input: TakeInput) => TakenDraft;
  /** The command that tells of gates runs for so long. */
  notifying?: Promise<unknown>;
}

/** A feature as it is played. */
export interface Stage {
  readonly world: StubWorld;
  readonly player: ReturnType<typeof createPlayer>;
  /** Every call to a model that was begun, once for each try: `T003-draft.1`. What was found finished is none. */
  readonly started: string[];
  /** Every answer that was made: the call, who gave it, and at which ask. */
  readonly answered: string[];
  /** Every run of checks: `T003-checks.1`. */
  readonly checked: string[];
  /** Calls that the workflow had ended. */
  readonly ended: string[];
  readonly notified: OpenGate[];
  /** What is on the branch, in order. */
  branch: readonly Integrated[];
  /** What each made-up commit holds. */
  readonly texts: Map<CommitHash, string>;
  /** Each call that has given an answer, or has failed for good, by its key. */
  readonly finished: Map<string, Finished>;
  /** Tries of calls that have failed so far, by their keys. */
  readonly failedTries: Map<string, number>;
  /** What rewinds have undone, by their numbers. */
  readonly rewound: Map<number, { work: WorkState; branch: readonly Integrated[] }>;
  cleanedUp: boolean;
}

export interface Integrated {
  task: string;
  title: string;
  commit: CommitHash;
  text: string;
}

export type Finished = { answer: string } | { error: unknown };

export const createStage = (world: StubWorld): Stage => ({
  world,
  player: createPlayer(world.answers),
  started: [],
  answered: [],
  checked: [],
  ended: [],
  notified: [],
  branch: [],
  texts: new Map(),
  finished: new Map(),
  failedTries: new Map(),
  rewound: new Map(),
  cleanedUp: false,
});

/** A commit that is none, the same for the same content. */
export const stubCommit = (name: string, content: string): CommitHash =>
  sha256(`${name}\n${content}`).slice(0, 40);

/** How a check ended on a stubbed draft. */
export const checkResult = (name: string, passed: boolean): CheckResult => ({
  name,
  passed,
  redBefore: false,
  output: `checks/${name}.txt`,
  ended: { kind: 'exit', status: passed ? 0 : 1 },
  durationMs: 1,
});
