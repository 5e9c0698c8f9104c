/** `blueprint start`: a brief becomes a feature, up to the plan's gate. */
import { begin, beginningCommand, dryRun, refuseTaken, withFeature } from '../begin.js';
import type { Program, Run } from '../command.js';

export function addStart(program: Program, run: Run): void {
  beginningCommand(program, 'start', 'brief → tasks, then the plan gate').action(
    run.anywhere((global, name, options) =>
      withFeature(global, name, options, async (project, feature) => {
        await refuseTaken(feature);
        return options.dryRun === true
          ? dryRun(project, name, options)
          : begin(project, feature, options, 'interactive');
      }),
    ),
  );
}
