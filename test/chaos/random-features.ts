/** Random projects, plans and drafts that collide, and the scripts that play them. */
import fc from 'fast-check';
import type { Plan } from '../../src/domain/tasks/plan.js';
import { approval, rejection, type ScriptEntry, task } from '../support/project.js';

/** Few places and few different lines, so that edits meet. */
const paths = ['a.txt', 'b.txt', 'dir/c.txt', 'dir/d e.txt', 'ü/é.txt'];
const content = fc
  .array(fc.constantFrom('one', 'two', 'three', 'four', ''), { minLength: 1, maxLength: 8 })
  .map((lines) => `${lines.join('\n')}\n`);

const randomTask = fc.record({
  writes: fc.uniqueArray(fc.tuple(fc.constantFrom(...paths), content), {
    selector: ([path]) => path,
    minLength: 1,
    maxLength: 3,
  }),
  deletes: fc.boolean(),
  /** Begins when the task before it is done. */
  waits: fc.boolean(),
  first: fc.constantFrom('good', 'good', 'red', 'rejected'),
  delayMs: fc.integer({ min: 0, max: 400 }),
});
type RandomTask = typeof randomTask extends fc.Arbitrary<infer T> ? T : never;

export interface RandomFeature {
  name: string;
  tasks: RandomTask[];
}

export interface RandomProject {
  files: [path: string, content: string][];
  /** The checkout has work of the person's that is not committed. */
  dirty: boolean;
  raced: boolean;
  features: RandomFeature[];
}

/** A task that is sent back once for each of three others still ends by itself. */
const maxTasks = 4;

const randomProject: fc.Arbitrary<RandomProject> = fc.record({
  files: fc.uniqueArray(fc.tuple(fc.constantFrom(...paths), content), {
    selector: ([path]) => path,
    minLength: 1,
    maxLength: 4,
  }),
  dirty: fc.boolean(),
  raced: fc.boolean(),
  features: fc
    .array(fc.array(randomTask, { minLength: 2, maxLength: maxTasks }), { minLength: 2, maxLength: 3 })
    .map((features) => features.map((tasks, index) => ({ name: `feature-${index + 1}`, tasks }))),
});

/** Projects without end: the same for the same seed. */
export function* randomProjects(seed: number): Generator<RandomProject> {
  for (let number = 0; ; number++) {
    const [project] = fc.sample(randomProject, { seed: seed + number, numRuns: 1 });
    if (project !== undefined) yield project;
  }
}

/** How long each worker lives after its start, in ms, without end: the same for the same seed. */
export function* randomLives(seed: number): Generator<number> {
  const batch = 100;
  for (let number = 0; ; number++)
    yield* fc.sample(fc.integer({ min: 50, max: 1_500 }), { seed: seed + number, numRuns: batch });
}

const idOf = (index: number): string => `T00${index + 1}`;

/** A file of the base that a task of a feature's deletes, and nobody else touches. */
const doomed = (feature: string, id: string): string => `doomed/${feature} ${id}.txt`;

/** What the project's first commit holds. */
export const baseFiles = ({ files, features }: RandomProject): [path: string, content: string][] => [
  ...files,
  ...features.flatMap(({ name, tasks }) =>
    tasks.map((_, index): [string, string] => [doomed(name, idOf(index)), `${name} ${idOf(index)}\n`]),
  ),
];

/** The first two begin at once, whatever the others wait for. */
const planOf = ({ tasks }: RandomFeature): Plan => ({
  tasks: tasks.map(({ waits }, index) =>
    task(idOf(index), { dependsOn: waits && index > 1 ? [idOf(index - 1)] : [] }),
  ),
});

const answerOf = (files: [path: string, content: string][], deletions: string[] = []): string =>
  [
    ...files.map(([path, text]) => `\`\`\`text path="${path}"\n${text}\`\`\`\n`),
    ...deletions.map((path) => `\`\`\`delete path="${path}"\n\`\`\`\n`),
  ].join('\n');

/** A file that only one task of a feature's writes. */
const ownFile = (feature: string, id: string): [path: string, content: string] => [
  `${feature}/${id}.txt`,
  `by ${id}\n`,
];

/** Files that each task of a done feature has left, and files that it has removed, by path. */
export const leftBy = ({ name, tasks }: RandomFeature) => ({
  written: tasks.map((_, index) => ownFile(name, idOf(index))),
  removed: tasks.flatMap(({ deletes }, index) => (deletes ? [doomed(name, idOf(index))] : [])),
});

/**
 * Answers to every call of a feature. Its first two tasks collide for certain, the others by chance. A correction
 * gives only what it changes, so that whatever else the draft had must be kept.
 */
export function scriptFor(feature: RandomFeature): ScriptEntry[] {
  const plan = planOf(feature);
  const ofTasks = feature.tasks.flatMap(({ writes, deletes, first, delayMs }, index): ScriptEntry[] => {
    const id = idOf(index);
    const own = ownFile(feature.name, id);
    const meeting: typeof writes = index < 2 ? [[`${feature.name}/both.txt`, `by ${id}\n`]] : [];
    const changed = [...writes, ...meeting];
    const broken: typeof writes = first === 'red' ? [[`${feature.name}/broken ${id}.txt`, 'BUG\n']] : [];
    const mended = broken.map(([path]): [string, string] => [path, `mended by ${id}\n`]);
    const corrected = changed.map(([path, text]): [string, string] => [path, `${text}corrected by ${id}\n`]);
    return [
      {
        match: { purpose: 'draft', task: id },
        answer: answerOf([...changed, own, ...broken], deletes ? [doomed(feature.name, id)] : []),
        delayMs,
      },
      { match: { purpose: 'correct', task: id }, answer: answerOf([...corrected, ...mended]), delayMs },
      {
        match: { purpose: 'review', task: id },
        answers: [...(first === 'rejected' ? [{ answer: rejection('Again.') }] : []), { answer: approval }],
      },
    ];
  });
  return [
    { match: { purpose: 'spec' }, answer: '# The specification\n\nFiles are written.\n' },
    { match: { purpose: 'plan' }, answer: plan },
    { match: { purpose: 'refine' }, answer: plan },
    ...ofTasks,
    { match: { purpose: 'compare' }, answer: { selected: 'gemini', reasoning: 'Both are the same.' } },
  ];
}
