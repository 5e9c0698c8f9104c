/**
 * `blueprint demo`: the main job on an example, with one kill of the worker in the middle. Everything is real but
 * the models, whose answers a script has: the server, the processes, the commits, the checks, the kill.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { readJournal } from '../feature/journal.js';
import { findProject } from '../feature/project.js';
import { identify } from '../host/processes.js';
import { type LedgerEntry, readLedger } from '../models/scripted/ledger.js';
import { ensureServer, findServer } from '../temporal/find-server.js';
import { stopServer } from '../temporal/server/lifecycle.js';
import { removeWorktrees } from '../workspace/worktree.js';
import { accountOf } from './demo/account.js';
import { checkBranch, checkoutChanges, commitLines, findCorrection, planLines } from './demo/report.js';
import { blueprint, feature, runArguments, type Stage, setStage } from './demo/stage.js';
import { print } from './output.js';

/** Something that is promised, and whether it held. */
interface Promised {
  held: boolean;
  what: string;
}

/** @returns the exit status: 0 when everything held that is promised */
export async function runDemo(): Promise<number> {
  const stage = await setStage();
  heading('A project', `A copy of the example tally, with one commit, is in ${stage.root}.`);
  const hadServer = (await findServer()) !== undefined;
  await ensureServer((line) => print(line));
  try {
    const killed = await runAndKill(stage);
    const promised = killed.held ? [killed, await goOn(stage), ...(await report(stage))] : [killed];
    heading('What was promised');
    for (const { held, what } of promised) print(`${held ? '✓' : '✗'} ${what}`);
    print('', `Look around in ${stage.folder}, and remove it when you have seen enough.`);
    return promised.every(({ held }) => held) ? 0 : 1;
  } finally {
    await clearWorktrees(stage);
    // Who had none before has asked for a demonstration and not for a server.
    if (!hadServer) await stopServer();
  }
}

/** So many drafts at once are to be cut off. */
const draftsCutOff = 2;
/** Until the drafts, everything takes seconds; a machine with a lot else to do takes its time. */
const patienceMs = 120_000;
const pollMs = 20;

/** Runs the feature and kills the process as soon as drafts are written side by side. */
async function runAndKill({ root, ledger }: Stage): Promise<Promised> {
  heading('A run', `$ blueprint ${runArguments.join(' ')}`);
  const run = blueprint(root, runArguments);
  const printed = printOutput(run);
  const drafts = await runningDrafts(ledger, run);
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
async function runningDrafts(ledger: string, run: ReturnType<typeof blueprint>): Promise<LedgerEntry[]> {
  let ended = false;
  void run.then(() => {
    ended = true;
  });
  for (const until = Date.now() + patienceMs; Date.now() < until && !ended; await sleep(pollMs)) {
    const drafts = accountOf(readLedger(ledger)).running.filter(({ purpose }) => purpose === 'draft');
    if (drafts.length >= draftsCutOff) return drafts.sort((a, b) => (a.call < b.call ? -1 : 1));
  }
  return [];
}

async function goOn({ root }: Stage): Promise<Promised> {
  heading('Going on', `$ blueprint resume ${feature}`);
  const resume = blueprint(root, ['resume', feature]);
  await printOutput(resume);
  const { exitCode } = await resume;
  return { held: exitCode === 0, what: 'it went on where it stood, to the end' };
}

async function report(stage: Stage): Promise<Promised[]> {
  const journal = await readJournal(stage.directory);
  heading('The plan', ...planLines(journal));

  const correction = await findCorrection(journal, stage);
  heading('A draft that was sent back', ...(correction ?? ['There is none.']));

  const commits = await commitLines(stage);
  heading('The commits', `$ git log --stat --reverse main..blueprint/${feature}`, ...commits);

  const branch = await checkBranch(stage);
  heading('The checks, in a fresh clone of the branch', '$ node --test', ...branch.lines);

  const changes = await checkoutChanges(stage);
  heading('The checkout', ...(changes.length === 0 ? ['On main, nothing changed.'] : changes));

  const { made, repeated, running } = accountOf(readLedger(stage.ledger));
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

/** They are outside the folder that the person removes. */
async function clearWorktrees({ root }: Stage): Promise<void> {
  const project = await findProject(root);
  if (project !== undefined) await removeWorktrees(project.root, project.instance, feature);
}

function heading(title: string, ...lines: string[]): void {
  print('', `== ${title} ==`, '', ...lines);
}

/** Prints what a command prints, as it comes. */
async function printOutput(command: ReturnType<typeof blueprint>): Promise<void> {
  for await (const line of command.iterable({ from: 'all' })) print(`  ${String(line)}`);
}
