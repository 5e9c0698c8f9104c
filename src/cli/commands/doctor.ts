/** `blueprint doctor`: whether everything is there that a feature needs, and what to do about what is not. */
import { examine } from '../../app/index.js';
import { findingLines } from '../../present/doctor-text.js';
import { choiceLines, modelLines } from '../../present/models-text.js';
import { type Program, projectOptions, type Run } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { print } from '../output.js';

export function addDoctor(program: Program, run: Run): void {
  program
    .command('doctor')
    .description('whether everything is there, and what to do about what is not')
    .action(
      run.anywhere(async (global) => {
        const { findings, models, config, found } = await examine(process.cwd(), projectOptions(global));
        print(...findingLines(findings), '', ...modelLines(models));
        if (config !== undefined && found.available.length > 0) print('', ...choiceLines(config, found));
        return findings.some(({ state }) => state === 'missing') ? exitStatus.error : exitStatus.done;
      }),
    );
}
