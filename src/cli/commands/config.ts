/** `blueprint config`: the configuration, and where each value came from. */
import type { LoadedConfig } from '../../app/index.js';
import { configRows } from '../../present/config-text.js';
import { table } from '../../present/table.js';
import { type Program, type Run, shownPath } from '../command.js';
import { exitStatus } from '../exit-status.js';
import { note, print, printJson } from '../output.js';

export function addConfig(program: Program, run: Run): void {
  program
    .command('config')
    .description('each value, and where it came from')
    .option('--json', 'as JSON')
    .action(
      run.inProject(async (project, { json }) => {
        const loaded = await project.config();
        if (json === true) printJson(asJson(loaded));
        else show(loaded);
        return exitStatus.done;
      }),
    );
}

const asJson = (loaded: LoadedConfig) => ({
  file: loaded.file ?? null,
  values: Object.fromEntries(
    configRows(loaded).map(({ key, value, origin }) => [key, { value: value ?? null, origin }]),
  ),
});

function show(loaded: LoadedConfig): void {
  note(
    loaded.file === undefined
      ? 'No configuration file; `blueprint init` writes one.'
      : `File: ${shownPath(loaded.file)}`,
  );
  print(
    ...table(
      ['KEY', 'FROM', 'VALUE'],
      configRows(loaded).map(({ key, value, origin }) => [
        key,
        origin,
        value === undefined ? unset(key) : JSON.stringify(value),
      ]),
    ),
  );
}

/** What holds where nothing is set and there is no value for all projects. */
function unset(key: string): string {
  if (key === 'budget.calls') return '(as many as the plan can need)';
  return key.startsWith('budget.') ? '(no limit)' : '(detected)';
}
