/** The scripted model: plays answers from a file, through the very same path as any other model. */
import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { extname } from 'node:path';
import { callErrorKinds } from '../../domain/errors.js';
import { packageFile } from '../../host/package-files.js';
import { type Adapter, commonFailure, type ModelEvent, type ProbeResult } from '../adapter.js';
import { modelEnvironment } from '../environment.js';
import { readScript } from '../scripted/script.js';

/** The command as built; tests that run outside jest have it beside their sources. */
const player =
  ['dist/models/scripted/main.js', 'src/models/scripted/main.js']
    .map(packageFile)
    .find((path) => existsSync(path)) ?? '';

export const scriptedAdapter: Adapter = {
  model: 'scripted',
  modes: ['text'],
  // It is played, not understood.
  maxPromptBytes: Number.POSITIVE_INFINITY,

  command({ script, ledger }) {
    if (script === undefined)
      throw new Error('The scripted model needs a script: give it with --script FILE.');
    const account = ledger === undefined ? [] : ['--ledger', ledger];
    // A script that is no JSON is a program: it gets the prompt and prints the same lines itself.
    if (extname(script) !== '.json') return { file: script, args: account };
    if (player === '') throw new Error('The scripted model is not built: run `npm run build`.');
    return { file: process.execPath, args: [player, '--script', script, ...account] };
  },

  environment: (parent, _request, pass) => modelEnvironment(parent, [], pass),

  reader: () => (line) => {
    const event = parse(line);
    if (event?.type === 'text' && typeof event.text === 'string') return [{ kind: 'text', text: event.text }];
    if (event?.type === 'result') return [...usageEvents(event.usage), { kind: 'result' }];
    if (event?.type !== 'error') return [];
    const kind = callErrorKinds.find((one) => one === event.kind) ?? 'crashed';
    const message = typeof event.message === 'string' ? event.message : `The scripted model failed: ${kind}.`;
    return [{ kind: 'error', error: { kind, message, ...numbers(event, ['retryAfterMs', 'resetAt']) } }];
  },

  failure: commonFailure,

  async probe(_parent, { script }): Promise<ProbeResult> {
    if (script === undefined)
      return { ok: false, detail: 'no script', advice: 'Give the answers with --script FILE.' };
    try {
      if (extname(script) === '.json') {
        const { answers } = await readScript(script);
        return { ok: true, detail: `${answers.length} answers in ${script}` };
      }
      await access(script, constants.X_OK);
      return { ok: true, detail: script };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return { ok: false, detail, advice: 'Correct the script, or give another with --script FILE.' };
    }
  },
};

type Fields = Readonly<Record<string, unknown>>;

function parse(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function usageEvents(usage: unknown): ModelEvent[] {
  if (typeof usage !== 'object' || usage === null) return [];
  return [{ kind: 'usage', usage: numbers(usage as Fields, ['inputTokens', 'outputTokens', 'costUsd']) }];
}

function numbers<K extends string>(fields: Fields, names: readonly K[]): Partial<Record<K, number>> {
  const found = names.filter((name) => typeof fields[name] === 'number').map((name) => [name, fields[name]]);
  return Object.fromEntries(found) as Partial<Record<K, number>>;
}
