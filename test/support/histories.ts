/** Recorded histories: kept in the project, and replayed against today's workflows by every test run. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

export const historiesFolder = join(process.cwd(), 'test', 'histories');

/** A file of that folder. The history itself does not always tell the id, and children's ids are made from it. */
export interface RecordedHistory {
  workflowId: string;
  /** As Temporal's JSON. */
  history: unknown;
}

/**
 * Records a workflow's history, and those of some of its children, when the tests run with
 * BLUEPRINT_RECORD_HISTORIES=1; else does nothing.
 *
 * @param name of the file, without its ending
 * @param children the ends of the children's ids, such as `T001/1`
 */
export async function keepHistory(
  { workflowId, client }: WorkflowHandle,
  name: string,
  children: readonly string[] = [],
): Promise<void> {
  if (process.env.BLUEPRINT_RECORD_HISTORIES !== '1') return;
  await mkdir(historiesFolder, { recursive: true });
  const runs = new Map([
    [name, workflowId],
    ...children.map((id) => [`${name}.${id.replace('/', '.')}`, `${workflowId}/${id}`] as const),
  ]);
  for (const [file, id] of runs) {
    const history = await client.getHandle(id).fetchHistory();
    const recorded: RecordedHistory = { workflowId: id, history: JSON.parse(historyToJSON(history)) };
    await writeFile(join(historiesFolder, `${file}.json`), `${JSON.stringify(recorded, undefined, 1)}\n`);
  }
}
