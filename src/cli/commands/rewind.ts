/** `blueprint rewind`: back to just before a task, or forward again, and on from there. */
import { detachText, type Program, type Run } from '../command.js';
import { moveOn } from '../move-on.js';

export function addRewind(program: Program, run: Run): void {
  program
    .command('rewind <name>')
    .description('back to just before a task was integrated, or forward again, and on from there')
    .requiredOption('--to <task>', 'a task, `start`, or `rewound/<n>`: what the n-th rewind has undone')
    .option('--detach', detachText)
    .action(
      run.inProject(async (project, name, { to, detach }) => {
        const feature = project.feature(name);
        // Before a server or a worker is started for nothing.
        await feature.checkRewind(to);
        return moveOn(project, { feature, detach, answeredByWorker: true, act: () => feature.rewind(to) });
      }),
    );
}
