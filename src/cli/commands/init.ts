/** `blueprint init`: a small configuration is written. */
import { type Program, type Run, shownPath } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { note } from '../output.js';

export function addInit(program: Program, run: Run): void {
  program
    .command('init')
    .description('write a small blueprint.config.json')
    .action(
      run.inProject(async (project) => {
        const { path, notes } = await project.init();
        note(
          ...notes,
          `Wrote ${shownPath(path)}; every key has a default, and \`blueprint config\` shows them all.`,
        );
        return exitStatus.done;
      }),
    );
}
