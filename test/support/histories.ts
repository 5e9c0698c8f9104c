/** Recorded histories: kept in the project, and replayed against today's workflows by every test run. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

export const historiesFolder = join(process.cwd(), 'test', 'histories');

/**
 * Records a workflow's history when the tests run with BLUEPRINT_RECORD_HISTORIES=1; else does nothing.
 *
 * @param name of the file, without its ending
 */
export async function keepHistory(handle: WorkflowHandle, name: string): Promise<void> {
  if (process.env.BLUEPRINT_RECORD_HISTORIES !== '1') return;
  const history = await handle.fetchHistory();
  await mkdir(historiesFolder, { recursive: true });
  await writeFile(join(historiesFolder, `${name}.json`), `${historyToJSON(history)}\n`);
}
