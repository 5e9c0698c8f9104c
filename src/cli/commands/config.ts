/** `blueprint config` and `blueprint init`: the configuration, and where each value came from. */

import { join } from 'node:path';
import { detectChecks } from '../../checks/detect/index.js';
import { configJsonSchema } from '../../config/keys.js';
import { configFileName } from '../../config/load.js';
import type { ConfigOrigin } from '../../domain/config/loaded.js';
import { Problem } from '../../domain/problem.js';
import { openProject } from '../../feature/project.js';
import { createFileAtomic, writeFileAtomic } from '../../host/atomic-file.js';
import { configRows } from '../../present/config-text.js';
import { table } from '../../present/table.js';
import { type GlobalOptions, openContext, shownPath } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { note, print, printJson } from '../output.js';
import { loadSettings } from '../settings.js';

export async function config(global: GlobalOptions, { json }: { json?: boolean }): Promise<number> {
  const context = await openContext(global);
  const loaded = await loadSettings(context);
  const values: { key: string; value: unknown; origin: ConfigOrigin }[] = configRows(loaded);
  if (json === true) {
    printJson({
      file: loaded.file ?? null,
      values: Object.fromEntries(
        values.map(({ key, value, origin }) => [key, { value: value ?? null, origin }]),
      ),
    });
    return exitStatus.done;
  }
  note(
    loaded.file === undefined
      ? 'No configuration file; `blueprint init` writes one.'
      : `File: ${shownPath(loaded.file)}`,
  );
  print(
    ...table(
      ['KEY', 'FROM', 'VALUE'],
      values.map(({ key, value, origin }) => [
        key,
        origin,
        value === undefined ? unset(key) : JSON.stringify(value),
      ]),
    ),
  );
  return exitStatus.done;
}

/** What holds where nothing is set and there is no value for all projects. */
function unset(key: string): string {
  if (key === 'budget.calls') return '(as many as the plan can need)';
  return key.startsWith('budget.') ? '(no limit)' : '(detected)';
}

/** Beside the file, and not in the repository: the editor of whoever ran `init` finds it. */
const schemaPath = '.blueprint/config.schema.json';

export async function init(global: GlobalOptions): Promise<number> {
  const { root } = await openContext(global);
  const path = join(root, configFileName);
  const { setup, checks, reason } = await detectChecks(root);
  const content = {
    $schema: `./${schemaPath}`,
    gates: { spec: 'auto', plan: 'ask', task: 'ask', result: 'ask' },
    maxParallelTasks: 4,
    maxIterations: 3,
    ...(checks.length === 0 ? {} : { setup, checks }),
  };
  if (!(await createFileAtomic(path, `${JSON.stringify(content, undefined, 2)}\n`)))
    throw new Problem(
      'file-in-the-way',
      `${shownPath(path)} is there already and stays as it is; \`blueprint config\` shows what it says.`,
    );
  await openProject(root);
  await writeFileAtomic(join(root, schemaPath), `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
  note(
    ...reason,
    `Wrote ${shownPath(path)}; every key has a default, and \`blueprint config\` shows them all.`,
  );
  return exitStatus.done;
}
