/**
 * `blueprint demo`: the main job on an example, with one kill of the worker in the middle. Everything is real but
 * the models, whose answers a script has: the server, the processes, the commits, the checks, the kill.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Demo, openDemo, openServer } from '../../app/index.js';
import { identify } from '../../host/processes.js';
import { checkItem } from '../../present/check-text.js';
import { columns } from '../../present/table.js';
import { modelTitle } from '../../present/words.js';
import { type Program, type Run, thisCommand } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { print } from '../output.js';

export function addDemo(program: Program, run: Run): void {
  program
    .command('demo')
    .description('the main job on an example, with a worker killed in the middle')
    .action(run.anywhere(runDemo));
}

/** Something that is promised, and whether it held. */
interface Promised {
  held: boolean;
  what: string;
}

/** @returns the exit status: 0 when everything held that is promised */
async function runDemo(): Promise<number> {
  const demo = await openDemo(thisCommand);
  heading('A project', `A copy of the example tally, with one commit, is in ${demo.root}.`);
  const server = await openServer((line) => print(line));
  const { started } = await server.start();
  try {
    const killed = await runAndKill(demo);
    const promised = killed.held ? [killed, await resumeRun(demo), ...(await report(demo))] : [killed];
    heading('What was promised');
    for (const { held, what } of promised) print(`${held ? '✓' : '✗'} ${what}`);
    print('', `Look around in ${demo.folder}, and remove it when you have seen enough.`);
    return promised.every(({ held }) => held) ? exitStatus.done : exitStatus.error;
  } finally {
    await demo.clear();
    // Who had none before has asked for a demonstration and not for a server.
    if (started) await server.stop();
  }
}

/** So many drafts at once are to be cut off. */
const draftsCutOff = 2;
/** Until the drafts, everything takes seconds; a machine with a lot else to do takes its time. */
const patienceMs = 120_000;
const pollMs = 20;

type Running = ReturnType<Demo['start']>;
type Draft = ReturnType<Demo['account']>['running'][number];

/** Runs the feature and kills the process as soon as drafts are written side by side. */
async function runAndKill(demo: Demo): Promise<Promised> {
  heading('A run', `$ blueprint ${demo.runArguments.join(' ')}`);
  const run = demo.start(demo.runArguments);
  const printed = printOutput(run);
  const drafts = await runningDrafts(demo, run);
  run.kill('SIGKILL');
  await printed;
  const { signal } = await run;
  if (drafts.length < draftsCutOff)
    return { held: false, what: 'two drafts are written at once, to be cut off' };
  const alive = await Promise.all(drafts.map(({ pid }) => identify(pid)));
  heading(
    `The kill`,
    `kill -9 ${run.pid}: the command is gone, and the worker in it. The calls that it had begun are processes of their own:`,
    ...drafts.map(
      ({ call, model, pid }, index) =>
        `  ${call} (${model}), process ${pid}: ${alive[index] === undefined ? 'has ended since' : 'goes on'}`,
    ),
  );
  return {
    held: signal === 'SIGKILL',
    what: `the worker was killed while ${drafts.length} drafts were written`,
  };
}

/** The drafts that run at once, as soon as they are enough; none when that does not happen. */
async function runningDrafts(demo: Demo, run: Running): Promise<Draft[]> {
  let ended = false;
  void run.then(() => {
    ended = true;
  });
  for (const until = Date.now() + patienceMs; Date.now() < until && !ended; await sleep(pollMs)) {
    const drafts = demo.account().running.filter(({ purpose }) => purpose === 'draft');
    if (drafts.length >= draftsCutOff) return drafts.sort((a, b) => (a.call < b.call ? -1 : 1));
  }
  return [];
}

async function resumeRun(demo: Demo): Promise<Promised> {
  heading('Going on', `$ blueprint resume ${demo.feature}`);
  const resume = demo.start(['resume', demo.feature]);
  await printOutput(resume);
  const { exitCode } = await resume;
  return { held: exitCode === 0, what: 'it went on where it stood, to the end' };
}

async function report(demo: Demo): Promise<Promised[]> {
  heading('The plan', ...planLines(await demo.tasks()));

  const correction = await demo.correction();
  heading(
    'A draft that was sent back',
    ...(correction === undefined ? ['There is none.'] : correctionLines(correction)),
  );

  const commits = await demo.commits();
  heading('The commits', `$ git log --stat --reverse main..blueprint/${demo.feature}`, ...commits);

  const branch = await demo.checkBranch();
  heading('The checks, in a fresh clone of the branch', '$ node --test', ...branch.lines);

  const changes = await demo.checkoutChanges();
  heading('The checkout', ...(changes.length === 0 ? ['On main, nothing changed.'] : changes));

  const { made, repeated, running } = demo.account();
  heading(
    'The calls, by the ledger that the scripted model writes',
    `calls: ${made} made, ${repeated.length} repeated`,
  );

  return [
    {
      held: correction !== undefined,
      what: 'a draft that broke a check was sent back, corrected and approved',
    },
    { held: branch.passed, what: 'the branch passes the checks' },
    { held: changes.length === 0, what: 'the checkout is as it was' },
    {
      held: made > 0 && repeated.length === 0 && running.length === 0,
      what: `no call was made twice${repeated.length === 0 ? '' : `, but for ${repeated.join(', ')}`}`,
    },
  ];
}

/** The tasks, what each waited for, and what came of it. */
const planLines = (tasks: Awaited<ReturnType<Demo['tasks']>>): string[] =>
  columns(
    tasks.map((task) => [
      task.id,
      task.type,
      task.title,
      task.dependsOn.length === 0 ? '' : `after ${task.dependsOn.join(', ')}`,
      task.state,
    ]),
  );

type Correction = NonNullable<Awaited<ReturnType<Demo['correction']>>>;

const correctionLines = ({ task, title, attempt, check, failures, rejection, approval }: Correction) => [
  `${task} ${title}`,
  `draft ${attempt}: ${checkItem(check).trim()}`,
  ...failures.map((line) => `  ${line}`),
  `review by ${modelTitle(rejection.model, false)}: rejected`,
  ...rejection.corrections.map((line) => `  - ${line}`),
  `draft ${approval.attempt}, corrected: the checks pass`,
  `review by ${modelTitle(approval.model, false)}: approved`,
  `  ${approval.feedback}`,
];

function heading(title: string, ...lines: string[]): void {
  print('', `== ${title} ==`, '', ...lines);
}

/** Prints what a command prints, as it comes. */
async function printOutput(command: Running): Promise<void> {
  for await (const line of command.iterable({ from: 'all' })) print(`  ${String(line)}`);
}
