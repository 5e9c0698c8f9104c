/** `blueprint models`: which models there are, and which one each role would get, and why. */
import { ownReviewText } from '../../present/model-reasons.js';
import { choiceLines, modelLines } from '../../present/models-text.js';
import type { Program, Run } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { print, printJson } from '../output.js';

export function addModels(program: Program, run: Run): void {
  program
    .command('models')
    .description('which models there are, which one each role would get, and why')
    .option('--json', 'as JSON')
    .action(
      run.inProject(async (project, { json }) => {
        const { config, findings, found, choices, ownReviews } = await project.models();
        if (json === true)
          printJson({
            models: findings,
            roles: choices.map(({ model, vendorModel, ...choice }) => ({
              ...choice,
              model: model ?? null,
              vendorModel: vendorModel ?? null,
            })),
            warnings: ownReviews.map(ownReviewText),
          });
        else print(...modelLines(findings), '', ...choiceLines(config, found));
        return found.available.length === 0 ? exitStatus.error : exitStatus.done;
      }),
    );
}
