/**
 * The ledger of what a feature's calls to models spend: `spend.jsonl`, a line when a try is about to begin and one
 * when it has ended. The last line about a try counts, so that one written twice counts once.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { lineFormat } from '../../../domain/file-format.js';
import {
  reservationSchema,
  type Spend,
  type SpendEnd,
  spendEndSchema,
  spendKeySchema,
} from '../../../domain/money/spending.js';
import { guardOf } from '../../../domain/schema-check.js';
import { readIfExists } from '../../../host/files.js';

type Line = z.infer<typeof lineSchema>;
const lineSchema = z.discriminatedUnion('kind', [
  reservationSchema.extend({ kind: z.literal('reserved') }),
  spendKeySchema.extend({ kind: z.literal('ended'), ...spendEndSchema.shape }),
  /** The vendor turned it away before it did anything. */
  spendKeySchema.extend({ kind: z.literal('released') }),
]);
const format = lineFormat(1, guardOf(lineSchema));

const ledgerPath = (featureDirectory: string): string => join(featureDirectory, 'spend.jsonl');

/** Appends a line, in one write: a process that is killed leaves it whole or not there. A torn line before is ended. */
export async function writeSpendLine(featureDirectory: string, line: Line): Promise<void> {
  const file = await open(ledgerPath(featureDirectory), 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const torn = size > 0 && last.toString() !== '\n';
    await file.write(`${torn ? '\n' : ''}${format.text(line)}`);
  } finally {
    await file.close();
  }
}

/**
 * The tries that count, in the order in which they were reserved; none where there is no ledger.
 *
 * @throws {Problem} where a newer version has written some
 */
export async function readSpends(featureDirectory: string): Promise<Spend[]> {
  const path = ledgerPath(featureDirectory);
  const text = (await readIfExists(path)) ?? '';
  const spends = new Map<string, Spend>();
  for (const one of text.split('\n')) {
    const line = format.parse(one, path);
    // The end of a ledger that a power cut tore.
    if (line === undefined) continue;
    const key = `${line.call}/${line.tryNumber}`;
    const known = spends.get(key);
    if (line.kind === 'reserved') spends.set(key, spendOf(line));
    else if (line.kind === 'released') spends.delete(key);
    else if (known !== undefined) spends.set(key, { ...known, ended: endOf(line) });
  }
  return [...spends.values()];
}

function spendOf({ kind: _, ...spend }: Line & { kind: 'reserved' }): Spend {
  return spend;
}

const endOf = ({ ok, usage, costFrom }: Line & { kind: 'ended' }): SpendEnd => ({ ok, usage, costFrom });
