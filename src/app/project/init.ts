/** A small configuration, with a schema for whoever edits it. */

import { join } from 'node:path';
import { detectChecks } from '../../checks/detect/index.js';
import { configJsonSchema } from '../../config/keys.js';
import { configFileName } from '../../config/load.js';
import { Problem } from '../../domain/problem.js';
import { openProject } from '../../feature/project.js';
import { createFileAtomic, writeFileAtomic } from '../../host/atomic-file.js';

/** Beside the file, and not in the repository: the editor of whoever had it written finds it. */
const schemaPath = '.blueprint/config.schema.json';

/**
 * Writes the configuration.
 *
 * @returns its path, and what was found out for it, as sentences
 * @throws Problem when there is one: it stays as it is
 */
export async function writeConfig(root: string): Promise<{ path: string; notes: string[] }> {
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
    throw new Problem('file-in-the-way', `${configFileName} is there already and stays as it is.`);
  await openProject(root);
  await writeFileAtomic(join(root, schemaPath), `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
  return { path, notes: reason };
}
