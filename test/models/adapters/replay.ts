/** Reads a recording of a real command, as a call that has ended is read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Usage } from '../../../src/domain/money/usage.js';
import type { Adapter, ModelEvent, SeenOutput } from '../../../src/models/adapter.js';
import { adapter as claudeAdapter } from '../../../src/models/adapters/claude.js';
import { adapter as codexAdapter } from '../../../src/models/adapters/codex.js';
import { adapter as geminiAdapter } from '../../../src/models/adapters/gemini.js';
import type { CallEnd } from '../../../src/models/calls/store/types.js';
import type { CallError } from '../../../src/models/errors.js';

export const vendors = { claude: claudeAdapter, codex: codexAdapter, gemini: geminiAdapter };

export interface Replayed {
  events: ModelEvent[];
  error: CallError | undefined;
  answer: string;
  usage: Usage | undefined;
}

/** @param name begins with the model's: `claude-ok` */
export function replayRecording(name: string, end: Partial<CallEnd> = {}): Replayed {
  return replay(adapterOf(name), recorded(name, 'stdout').split('\n'), {
    status: Number(recorded(name, 'rc')),
    // As much as a call keeps of it.
    stderrTail: recorded(name, 'stderr').slice(-4_000),
    lineTooLong: false,
    ...end,
  });
}

export function replay(adapter: Adapter, lines: readonly string[], end: CallEnd): Replayed {
  const read = adapter.reader();
  const events = lines.flatMap((line) => read(line));
  const seen: SeenOutput = { result: false, textBytes: 0 };
  let answer = '';
  let usage: Usage | undefined;
  for (const event of events) {
    if (event.kind === 'text') answer += event.text;
    if (event.kind === 'usage') usage = event.usage;
    if (event.kind === 'error') seen.error = event.error;
    if (event.kind === 'result') {
      seen.result = true;
      answer = event.text ?? answer;
    }
  }
  seen.textBytes = Buffer.byteLength(answer.trim());
  return { events, answer, usage, error: adapter.failure(end, seen, adapter.model) };
}

function adapterOf(name: string): Adapter {
  const adapter = Object.values(vendors).find(({ model }) => name.startsWith(`${model}-`));
  if (adapter === undefined) throw new Error(`${name} is no recording of a vendor's command`);
  return adapter;
}

const recorded = (name: string, stream: 'stdout' | 'stderr' | 'rc'): string =>
  readFileSync(join(import.meta.dirname, 'recorded', `${name}.${stream}`), 'utf8');
