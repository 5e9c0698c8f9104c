/** The scripted model's account of its calls: what was started and what ended, to be counted in tests and demos. */
import { appendFileSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { lineFormat } from '../../domain/file-format.js';
import { guardOf } from '../../domain/schema-check.js';
import { isMissing } from '../../host/files.js';

export type LedgerEntry = z.infer<typeof entrySchema>;
const entrySchema = z.object({
  event: z.enum(['start', 'end']),
  /** The call directory's name. */
  call: z.string(),
  try: z.number(),
  pid: z.number(),
  /** Milliseconds since 1970. */
  at: z.number(),
  /** The script's entry that is played, from 0; -1 for none. */
  entry: z.number(),
  purpose: z.string().optional(),
  task: z.string().optional(),
  model: z.string().optional(),
});
const format = lineFormat(1, guardOf(entrySchema));

/** One short append: nobody's line tears another's. */
export function writeLedger(file: string, entry: LedgerEntry): void {
  appendFileSync(file, format.text(entry));
}

/**
 * How many answers of an entry were played to their end for calls of this name, whatever their round and model: a
 * killed play does not count. The drafts of a race have names of their own.
 */
export function playedBefore(file: string, { entry, call }: Pick<LedgerEntry, 'entry' | 'call'>): number {
  return readLedger(file).filter(
    (one) => one.event === 'end' && one.entry === entry && nameOf(one.call) === nameOf(call),
  ).length;
}

/** `T003-review` of `T003-review.2-1f0c9a3e`. */
const nameOf = (call: string): string => call.replace(/\.\d+-[0-9a-f]{8}$/, '');

export function readLedger(file: string): LedgerEntry[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => format.parse(line, file) ?? []);
}
