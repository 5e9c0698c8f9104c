/** `blueprint path`: where a task's draft can be changed by hand. */
import type { Program, Run } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { note } from '../output.js';

export function addPath(program: Program, run: Run): void {
  program
    .command('path <name> <task>')
    .description('the worktree of a task, to change its draft by hand; `approve` takes it')
    .action(
      run.inProject(async (project, name, task) => {
        const found = await project.feature(name).worktree(task);
        // Bare, so that `cd "$(blueprint path …)"` goes there.
        process.stdout.write(`${found.path}\n`);
        note(
          found.isTaken
            ? `Change what you like there; \`blueprint approve ${name} ${task}\` checks it and commits it with you as the author.`
            : `Task ${task} is ${found.state} and does not wait for you: what you change there is not taken, and may be overwritten.`,
        );
        return exitStatus.done;
      }),
    );
}
