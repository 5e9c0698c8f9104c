/** The commands: their words, and where their code is. The code is loaded when its command is run. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { packageFile } from '../host/package-files.js';
import type { GlobalOptions } from './context.js';
import { exitStatus } from './exit-status.js';

const ending = `
Exit status: 0 done, 1 error, 2 usage, 3 waits for a person, 130 interrupted.
Data goes to standard output, everything else to standard error.`;

/**
 * Runs a command line.
 *
 * @param args without the program's name
 * @returns the exit status
 */
export async function runProgram(args: readonly string[]): Promise<number> {
  let status: number = exitStatus.done;
  const program = new Command('blueprint');
  /** Wraps a command's code: what it is given, less commander's own object, and the global options before it. */
  const running =
    <A extends unknown[]>(code: (global: GlobalOptions, ...args: A) => Promise<number>) =>
    async (...given: unknown[]) => {
      // The last one is the command itself.
      status = await code(program.opts<GlobalOptions>(), ...(given.slice(0, -1) as A));
    };

  program
    .description('From a brief to reviewed, checked commits. Alone on a terminal: pick a feature and decide.')
    .version(version(), '--version')
    .option('--config <file>', 'the configuration, instead of blueprint.config.json')
    .option('--script <file>', 'answers that every model’s part is played from')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', ending)
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .allowExcessArguments()
    .action(
      running(async (global) => {
        const [unknown] = program.args;
        if (unknown !== undefined) program.error(`error: unknown command '${unknown}'`);
        return (await import('./commands/menu.js')).menu(global);
      }),
    );

  addStarting(program, running);
  addLooking(program, running);
  addDeciding(program, running);
  addFinishing(program, running);
  addKeeping(program, running);

  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
    throw error;
  }
}

type With = <A extends unknown[]>(
  code: (global: GlobalOptions, ...args: A) => Promise<number>,
) => (...given: unknown[]) => Promise<void>;

const detachText = 'leave a worker in the background and do not follow';

function addStarting(program: Command, running: With): void {
  const starting = (name: string, summary: string): Command =>
    program
      .command(`${name} <name>`)
      .summary(summary)
      .description(summary)
      .option('-m, --message <text>', 'the brief, as text')
      .option('--brief <file>', 'the brief, from a file')
      .option('--spec <file>', 'a specification, so that no model writes one')
      .option('--base <ref>', 'the commit to build on, instead of the checkout’s')
      .option('--dry-run', 'show base, checks, models, sizes and calls; nothing is spent, written or started')
      .option('--budget <limits>', 'what it may spend, such as usd=5,tokens=2000000,calls=80')
      .option('--detach', detachText);

  starting('start', 'brief → tasks, then the plan gate').action(
    running(async (global, name: string, options: object) =>
      (await import('./commands/start.js')).start(global, name, options),
    ),
  );
  starting('run', 'to the end without questions; goes on with an existing feature').action(
    running(async (global, name: string, options: object) =>
      (await import('./commands/start.js')).run(global, name, options),
    ),
  );
  program
    .command('resume [name]')
    .description('server and worker up again, and on with what is unfinished')
    .option('--detach', detachText)
    .action(
      running(async (global, name: string | undefined, options: object) =>
        (await import('./commands/resume.js')).resume(global, name, options),
      ),
    );
  program
    .command('demo')
    .description('the main job on an example, with a worker killed in the middle')
    .action(running(async () => (await import('./demo.js')).runDemo()));
}

function addLooking(program: Command, running: With): void {
  program
    .command('list')
    .description('the features of this project')
    .option('--json', 'as JSON')
    .action(
      running(async (global, options: object) => (await import('./commands/look.js')).list(global, options)),
    );
  program
    .command('status <name>')
    .description('where a feature stands')
    .option('--json', 'as JSON')
    .action(
      running(async (global, name: string, options: object) =>
        (await import('./commands/look.js')).status(global, name, options),
      ),
    );
  program
    .command('cost <name>')
    .description('what its calls used, by model and by task, and what is left of its budget')
    .option('-v, --verbose', 'each call too')
    .option('--json', 'as JSON')
    .action(
      running(async (global, name: string, options: object) =>
        (await import('./commands/cost.js')).cost(global, name, options),
      ),
    );
  program
    .command('logs <name> [task]')
    .description('what happened, and what the calls printed')
    .option('-f, --follow', 'go on with what comes')
    .option('--json', 'the journal as JSON, an entry a line')
    .action(
      running(async (global, name: string, task: string | undefined, options: object) =>
        (await import('./commands/logs.js')).logs(global, name, task, options),
      ),
    );
}

function addDeciding(program: Command, running: With): void {
  program
    .command('approve <name> [gate]')
    .description('take what waits at a gate, as it stands on disk')
    .option('-m, --message <text>', 'answers to the specification’s open questions')
    .option('--detach', detachText)
    .action(
      running(async (global, name: string, gate: string | undefined, options: object) =>
        (await import('./commands/decide.js')).approve(global, name, gate, options),
      ),
    );
  program
    .command('reject <name> [gate]')
    .description('have it put right; `spec` at the plan’s gate has both made again')
    .requiredOption('-m, --message <text>', 'why')
    .option('--detach', detachText)
    .action(
      running(async (global, name: string, gate: string | undefined, options: object) =>
        (await import('./commands/decide.js')).reject(global, name, gate, options),
      ),
    );
  program
    .command('stop <name> [task]')
    .description('stop a task, or the whole feature')
    .action(
      running(async (global, name: string, task: string | undefined) =>
        (await import('./commands/stop.js')).stop(global, name, task),
      ),
    );
  for (const [name, summary] of [
    ['retry', 'begin a failed, stopped, skipped or waiting task again'],
    ['skip', 'go on without a task'],
  ] as const)
    program
      .command(`${name} <name> <task>`)
      .description(summary)
      .option('--detach', detachText)
      .action(
        running(async (global, feature: string, task: string, options: object) =>
          (await import('./commands/decide.js'))[name](global, feature, task, options),
        ),
      );
  program
    .command('raise-budget <name>')
    .description('set a higher budget, and go on')
    .option('--calls <n>', 'calls to models, in all')
    .option('--tokens <n>', 'tokens in and out, in all')
    .option('--usd <n>', 'dollars, in all')
    .option('--detach', detachText)
    .action(
      running(async (global, name: string, options: object) =>
        (await import('./commands/raise-budget.js')).raiseBudget(global, name, options),
      ),
    );
  program
    .command('rewind <name>')
    .description('back to just before a task was integrated, or forward again, and on from there')
    .requiredOption('--to <task>', 'a task, `start`, or `rewound/<n>`: what the n-th rewind has undone')
    .option('--detach', detachText)
    .action(
      running(async (global, name: string, options: { to: string }) =>
        (await import('./commands/rewind.js')).rewind(global, name, options),
      ),
    );
  program
    .command('edit <name> [part]')
    .description('the spec or the plan in $VISUAL or $EDITOR')
    .option('--markdown', 'the plan as Markdown instead of JSON')
    .action(
      running(async (global, name: string, part: string | undefined, options: object) =>
        (await import('./commands/edit.js')).edit(global, name, part, options),
      ),
    );
}

function addFinishing(program: Command, running: With): void {
  program
    .command('path <name> <task>')
    .description('the worktree of a task, to change its draft by hand; `approve` takes it')
    .action(
      running(async (global, name: string, task: string) =>
        (await import('./commands/path.js')).path(global, name, task),
      ),
    );
  program
    .command('compare <name> <task>')
    .description('the drafts of a task, or of its race, side by side')
    .option('--diff', 'with what each changes')
    .option('--json', 'as JSON')
    .action(
      running(async (global, name: string, task: string, options: object) =>
        (await import('./commands/compare.js')).compare(global, name, task, options),
      ),
    );
  program
    .command('merge <name>')
    .description('bring the result into the branch that it started from, if the checks pass there')
    .option('--into <branch>', 'another branch')
    .action(
      running(async (global, name: string, options: object) =>
        (await import('./commands/merge.js')).merge(global, name, options),
      ),
    );
  program
    .command('export <name>')
    .description('a pull request’s text, and the commits as patches')
    .option(
      '--patches <folder>',
      'write a patch series there; - writes it to standard output instead of the text',
    )
    .action(
      running(async (global, name: string, options: object) =>
        (await import('./commands/export.js')).exportFeature(global, name, options),
      ),
    );
  program
    .command('clean <name>')
    .description('remove worktrees, branch, refs and calls, after asking; never what is not merged')
    .option('-y, --yes', 'do not ask')
    .option('--force', 'also what is not merged')
    .action(
      running(async (global, name: string, options: object) =>
        (await import('./commands/clean.js')).clean(global, name, options),
      ),
    );
}

function addKeeping(program: Command, running: With): void {
  program
    .command('worker')
    .description('move the features of this project for as long as it runs')
    .option('--until-idle', 'end when nothing is left to do')
    .action(
      running(async (global, options: object) =>
        (await import('./commands/worker.js')).worker(global, options),
      ),
    );
  const server = program.command('server').description('the embedded Temporal server');
  server
    .command('start')
    .description('start it, unless it runs')
    .action(running(async () => (await import('./commands/server.js')).start()));
  server
    .command('stop')
    .description('stop it; what it stored stays')
    .action(running(async () => (await import('./commands/server.js')).stop()));
  server
    .command('status')
    .description('how it is')
    .option('--json', 'as JSON')
    .action(
      running(async (_global, options: object) => (await import('./commands/server.js')).status(options)),
    );
  program
    .command('doctor')
    .description('whether everything is there, and what to do about what is not')
    .action(running(async (global) => (await import('./commands/doctor.js')).doctor(global)));
  const prompts = program
    .command('prompts')
    .description('what the models are asked, and prompts of the project’s own');
  prompts
    .command('list', { isDefault: true })
    .description('the prompts: for whom, for what, and whether the project has its own')
    .option('--json', 'as JSON')
    .action(
      running(async (global, options: object) =>
        (await import('./commands/prompts.js')).list(global, options),
      ),
    );
  prompts
    .command('eject <what>')
    .description('write a prompt, or those of a role, to .blueprint/prompts, where they may be changed')
    .action(
      running(async (global, what: string) => (await import('./commands/prompts.js')).eject(global, what)),
    );
  program
    .command('models')
    .description('which models there are, which one each role would get, and why')
    .option('--json', 'as JSON')
    .action(
      running(async (global, options: object) =>
        (await import('./commands/models.js')).models(global, options),
      ),
    );
  program
    .command('init')
    .description('write a small blueprint.config.json')
    .action(running(async (global) => (await import('./commands/config.js')).init(global)));
  program
    .command('config')
    .description('each value, and where it came from')
    .option('--json', 'as JSON')
    .action(
      running(async (global, options: object) =>
        (await import('./commands/config.js')).config(global, options),
      ),
    );
}

function version(): string {
  const text = readFileSync(packageFile('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
