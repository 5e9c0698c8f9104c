/** Lines of `blueprint logs`. Pure. */

import type { StoredCall, StoredTry } from '../domain/calls/stored-call.js';
import type { JournalEntry } from '../domain/journal/entries.js';
import { isScripted } from '../domain/journal/view.js';
import { cleanLine } from './clean.js';
import { entryLines, withTask } from './entry-text.js';
import type { MessageContext } from './journal-lines.js';
import { duration, modelTitle, moment } from './words.js';

/** An entry's lines with their time; a call is one of them, since here it is not only for the record. */
export function logLines(entry: JournalEntry, context: MessageContext): string[] {
  const lines = entry.kind === 'call' ? [callEntryLine(entry, context)] : entryLines(entry, context);
  return lines.map((line) => `${moment(entry.at)}  ${line}`);
}

function callEntryLine(entry: JournalEntry & { kind: 'call' }, { view }: MessageContext): string {
  const { call, purpose, task, model, source, usage, durationMs } = entry;
  const tokens =
    usage.inputTokens === undefined && usage.outputTokens === undefined
      ? ''
      : `, ${usage.inputTokens ?? '?'} → ${usage.outputTokens ?? '?'} tokens`;
  return withTask(
    task,
    `${purpose} by ${modelTitle(model, isScripted(view, task))}: ${duration(durationMs)}, ${source}${tokens} (${call})`,
  );
}

/** A call that the journal does not tell of: it runs, or failed, or was stopped. */
export function openCallLines(call: StoredCall): string[] {
  const heading = `${call.call}: ${openState(call)}`;
  return [heading, ...call.tries.flatMap(tryLine), ...call.damage.map((sentence) => `  ${sentence}`)];
}

function openState({ finished, stopped, tries }: StoredCall): string {
  if (finished) return 'finished';
  if (stopped) return 'stopped';
  return tries.at(-1)?.state ?? 'not begun';
}

const tryLine = ({ number, state, startedAt, endedAt, error }: StoredTry): string[] => {
  if (error === undefined && state !== 'running') return [];
  const time = startedAt === undefined ? '' : ` after ${duration((endedAt ?? Date.now()) - startedAt)}`;
  return [
    `  try ${number} ${state}${time}${error === undefined ? '' : `: ${error.message} (${error.kind})`}`,
  ];
};

/** A try that failed, told while the call goes on. */
export const failedTryLine = (
  what: string,
  { number, message }: { number: number; message: string },
): string => cleanLine(`${what}, try ${number} failed: ${message}`);

/** How a call's own text is told from what is said about it. */
export const outputLine = (line: string): string => `    │ ${line}`;

/** A line of a call that runs, among others that run beside it. */
export const liveOutputLine = (task: string | undefined, what: string, line: string): string =>
  `[${[...(task === undefined ? [] : [task]), what].join(' ')}] ${line}`;
