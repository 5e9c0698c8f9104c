/** Recorded histories: kept in the project, and replayed against today's workflows by every test run. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { testFolder } from './source-process.js';

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
    const history: unknown = JSON.parse(historyToJSON(await client.getHandle(id).fetchHistory()));
    const recorded: RecordedHistory = { workflowId: id, history: withoutMachine(history) };
    await writeFile(join(historiesFolder, `${file}.json`), `${JSON.stringify(recorded, undefined, 1)}\n`);
  }
}

/** Fields that say where something ran. No workflow reads them. */
const machineFields = new Set(['stackTrace', 'identity', 'binaryChecksum']);

/** A history without the machine that it was recorded on: a replay compares what workflows asked for, not paths. */
function withoutMachine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMachine);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !machineFields.has(name));
  return Object.fromEntries(
    kept.map(([name, part]) => [
      name,
      name === 'data' && typeof part === 'string' ? encode(neutral(decode(part))) : withoutMachine(part),
    ]),
  );
}

const neutral = (text: string): string =>
  [testFolder(), process.cwd()].reduce((rest, folder) => rest.replaceAll(folder, '/project'), text);

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const decode = (data: string): string => Buffer.from(data, 'base64').toString('utf8');

/** All texts of a history, those in payloads as they are read. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    name === 'data' && typeof part === 'string' ? [decode(part)] : textsOf(part),
  );
}
