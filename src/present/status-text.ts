/** Where a feature stands, as a person is shown it. Pure. */
import type { CallCounts } from '../domain/calls/stored-call.js';
import type { FeatureStatus, FeatureSummary, TaskStatus } from '../domain/feature/status.js';
import { budgetGate } from '../domain/money/budget.js';
import { blocks, needsPerson } from '../domain/tasks/states.js';
import { modelTitles } from '../domain/vocabulary.js';
import { cleanLine } from './clean.js';
import { atLeast, budgetLine, costText } from './cost-text.js';
import { reasonLine } from './reasons.js';
import { table } from './table.js';
import { cut } from './width.js';
import { count, shortHash } from './words.js';

/** As much of a title as leaves room for the other columns. */
const titleLength = 48;

/** @param toCome what the plan that waits will take */
export function statusLines(status: FeatureStatus, toCome: readonly string[] = []): string[] {
  const { name, branch, head, verified, failure } = status;
  const at = head === undefined ? '' : ` at ${shortHash(head)} (${verified ? 'verified' : 'unverified'})`;
  const tasks = table(
    ['TASK', 'STATE', 'TYPE', 'TITLE', 'MODEL', 'CORRECTIONS', 'COMMIT', 'AFTER'],
    status.tasks.map(taskRow),
  );
  return [
    `${name}: ${standing(status)}`,
    ...(failure === undefined ? [] : [`Failed: ${cleanLine(reasonLine(failure, { feature: name }))}`]),
    `Branch: ${branch}${at}`,
    ...(tasks.length === 0 ? [] : ['', ...tasks]),
    ...reasons(status),
    ...(toCome.length === 0 ? [] : ['', ...toCome]),
    '',
    callsLine(status.calls),
    usageLine(status),
    budgetLine(status.budget),
    ...nextSteps(status),
  ];
}

/** The phase, or what keeps it from going on. */
export function standing(feature: FeatureStatus | FeatureSummary): string {
  if (isDamaged(feature)) return 'damaged';
  const { phase, stopped, waiting } = feature;
  if (phase === 'done' || phase === 'failed') return phase;
  if (stopped) return `stopped in phase ${phase}`;
  return waiting === undefined ? phase : `waiting in phase ${phase}`;
}

const taskRow = (task: TaskStatus): string[] => [
  task.id,
  task.state,
  task.type,
  cut(cleanLine(task.title), titleLength),
  task.model === undefined ? '' : modelTitles[task.model],
  String(task.iterations),
  task.commit === undefined ? '' : shortHash(task.commit),
  task.dependsOn.join(' '),
];

/** Why tasks failed, wait or were stopped. */
export function reasons({ name, tasks }: Pick<FeatureStatus, 'name' | 'tasks'>): string[] {
  const lines = tasks.flatMap(({ id, state, reason }) =>
    reason === undefined || !needsPerson(state)
      ? []
      : [`${id} ${state}: ${cleanLine(reasonLine(reason, { feature: name }))}`],
  );
  return lines.length === 0 ? [] : ['', ...lines];
}

export const callsLine = ({ made, adopted, reused, repeated }: CallCounts): string =>
  `calls: ${made} made, ${adopted} adopted, ${reused} reused, ${repeated} repeated`;

export function usageLine({ usage, unknown }: Pick<FeatureStatus, 'usage' | 'unknown'>): string {
  const { inputTokens, outputTokens, costUsd } = usage;
  if (inputTokens === undefined && outputTokens === undefined && costUsd === undefined)
    return 'usage: unknown';
  const input = atLeast(inputTokens, unknown.tokens);
  const output = atLeast(outputTokens, unknown.tokens);
  return `usage: ${input} input tokens, ${output} output tokens, cost ${costText(costUsd, unknown.cost)}`;
}

/** What a person can do, as commands; none while it moves by itself. */
export function nextSteps(status: FeatureStatus): string[] {
  const { name } = status;
  const commands = [...gateCommands(status), ...taskCommands(status)];
  if (status.phase === 'done') return [];
  if (status.phase === 'failed')
    commands.push([`blueprint resume ${name}`, 'goes on, when the reason is put right']);
  else if (status.stopped) commands.push([`blueprint resume ${name}`, 'goes on']);
  if (commands.length === 0) return [];
  const width = Math.max(...commands.map(([command]) => command.length));
  return [
    '',
    'What can be done:',
    ...commands.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`),
  ];
}

type Command = [command: string, what: string];

function gateCommands({ name, gates }: FeatureStatus): Command[] {
  return gates.flatMap(({ gate }): Command[] =>
    gate === budgetGate
      ? [
          [`blueprint raise-budget ${name} --calls N`, 'goes on; or --tokens N, --usd N'],
          [`blueprint cost ${name}`, 'shows what was spent'],
        ]
      : [
          [
            `blueprint approve ${name} ${gate}`,
            gate === 'spec' || gate === 'plan' ? 'takes it as it stands on disk' : 'takes it as it is',
          ],
          [`blueprint reject ${name} ${gate} -m TEXT`, 'has it put right'],
          ...(gate === 'spec' || gate === 'plan'
            ? ([[`blueprint edit ${name} ${gate}`, 'opens it in your editor']] satisfies Command[])
            : []),
          ...(['spec', 'plan', 'result'].includes(gate)
            ? []
            : ([
                [`blueprint path ${name} ${gate}`, 'prints where you can change it by hand'],
              ] satisfies Command[])),
          ...(gate === 'plan'
            ? ([
                [`blueprint reject ${name} spec -m TEXT`, 'has the specification and the tasks made again'],
              ] satisfies Command[])
            : []),
        ],
  );
}

/** One task stands for all in its state: the commands are the same. */
function taskCommands({ name, tasks }: FeatureStatus): Command[] {
  const blocking = tasks.filter((task) => blocks(task.state));
  const [first] = blocking;
  if (first === undefined) return [];
  const id = blocking.length === 1 ? first.id : 'TASK';
  return [
    [`blueprint logs ${name} ${id}`, 'shows what happened'],
    [`blueprint retry ${name} ${id}`, 'begins it again'],
    [`blueprint skip ${name} ${id}`, 'goes on without it'],
  ];
}

/** All features, one a line; then what is wrong with those that cannot be read. */
export function listLines(features: readonly FeatureSummary[]): string[] {
  const lines = table(
    ['FEATURE', 'STANDS', 'TASKS', 'WAITS FOR'],
    features.map((feature) => [
      feature.name,
      standing(feature),
      feature.tasks === 0 ? '' : `${feature.done} of ${feature.tasks}`,
      feature.gates.length > 0
        ? `you: ${feature.gates.join(', ')}`
        : feature.waiting === undefined
          ? ''
          : 'you',
    ]),
  );
  const damage = features.flatMap(({ name, damage }) => (damage === undefined ? [] : [`${name}: ${damage}`]));
  return damage.length === 0 ? lines : [...lines, '', ...damage.map(cleanLine)];
}

/** Which features a worker moves besides the one that was named. */
export function othersLine(
  features: readonly FeatureSummary[],
  name: string | undefined,
): string | undefined {
  const others = features
    .filter((feature) => feature.name !== name && isMoving(feature))
    .map((one) => one.name);
  if (others.length === 0) return undefined;
  const noun = others.length === 1 ? 'This feature goes' : `These ${count(others.length, 'feature')} go`;
  return `${noun} on as well, as long as this command runs: ${others.join(', ')}.`;
}

/** Whether a feature goes on by itself when a worker runs, as far as its journal tells. */
export const isMoving = (feature: FeatureSummary | FeatureStatus): boolean => {
  const { phase, stopped, waiting } = feature;
  return phase !== 'done' && phase !== 'failed' && !stopped && waiting === undefined && !isDamaged(feature);
};

const isDamaged = (feature: FeatureSummary | FeatureStatus): boolean =>
  'damage' in feature && feature.damage !== undefined;
