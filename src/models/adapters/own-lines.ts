/** The lines that our own commands print: the scripted model's, and that of the models reached by HTTP. */
import { callErrorKinds } from '../../domain/models/call-errors.js';
import type { ModelEvent } from '../adapter.js';
import { fields, fieldsOfLine, number, string } from './json-line.js';

/** What one line says; a line of another form says nothing. */
export function ownLineEvents(line: string): ModelEvent[] {
  const said = fieldsOfLine(line);
  if (said?.type === 'text' && typeof said.text === 'string') return [{ kind: 'text', text: said.text }];
  if (said?.type === 'reasoning') return [{ kind: 'thinking' }];
  if (said?.type === 'usage') return usageEvents(said.usage);
  if (said?.type === 'result') return [...usageEvents(said.usage), { kind: 'result' }];
  if (said?.type !== 'error') return [];
  const kind = callErrorKinds.find((one) => one === said.kind) ?? 'crashed';
  const message = string(said.message) ?? `The model failed: ${kind}.`;
  const [retryAfterMs, resetAt] = [number(said.retryAfterMs), number(said.resetAt)];
  return [{ kind: 'error', error: { kind, message, retryAfterMs, resetAt } }];
}

function usageEvents(given: unknown): ModelEvent[] {
  const usage = fields(given);
  if (usage === undefined) return [];
  const { inputTokens, cachedInputTokens, outputTokens, costUsd } = usage;
  return [
    {
      kind: 'usage',
      usage: {
        inputTokens: number(inputTokens),
        cachedInputTokens: number(cachedInputTokens),
        outputTokens: number(outputTokens),
        costUsd: number(costUsd),
      },
    },
  ];
}
