/** The command line: every command adds itself. What a command needs is loaded when it runs. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from '@commander-js/extra-typings';
import { packageFile } from '../host/package-files.js';
import { createRun, withProject } from './command.js';
import { commands } from './commands/index.js';
import { list } from './commands/list.js';
import { exitStatus } from './exit-status.js';
import { canAsk } from './output.js';

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
  const run = createRun((code) => {
    status = code;
  });
  const program = new Command('blueprint')
    .description('From a brief to reviewed, checked commits. Alone on a terminal: pick a feature and decide.')
    .version(version(), '--version')
    .option('--config <file>', 'the configuration, instead of blueprint.config.json')
    .option('--script <file>', 'answers that every model’s part is played from')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', ending)
    .exitOverride()
    .showHelpAfterError('(--help shows what there is)')
    .allowExcessArguments();
  program.action(async (global) => {
    const [unknown] = program.args;
    if (unknown !== undefined) program.error(`error: unknown command '${unknown}'`);
    status = await withProject(global, async (project) => {
      if (!canAsk() || process.stdout.isTTY !== true) return list(project);
      const { menu } = await import('./menu/menu.js');
      return menu(project);
    });
  });
  for (const add of commands) add(program, run);

  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
    throw error;
  }
}

function version(): string {
  const text = readFileSync(packageFile('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
