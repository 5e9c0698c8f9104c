#!/usr/bin/env node
/**
 * The command of the models that are reached by HTTP: sends the prompt on standard input, prints the answer as it
 * comes, as JSON lines.
 *
 *     node main.js --provider deepseek|openai-compatible --base-url URL --model MODEL [--key-env NAME]
 *         [--schema FILE] [--json object|schema|none] [--fields JSON] < prompt
 *
 * The key is in the environment variable that `--key-env` names, never in an argument. With `--schema` the answer must
 * be JSON; `--json` says how the server is told so. `--fields` goes into the request's body, over what is there.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { CallFailure } from '../errors.js';
import { type ChatLine, type ChatRequest, chat } from './chat.js';
import { requestOf } from './request.js';

/** Never throws: what Node prints of an error that nobody caught may hold the prompt. */
async function* answer(): AsyncGenerator<ChatLine> {
  let request: ChatRequest | CallFailure;
  try {
    request = requestOf(process.argv.slice(2), process.env, readFileSync(0, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    request = { kind: 'refused', message: `The arguments of the HTTP model’s command are wrong: ${why}` };
  }
  if ('kind' in request) yield { type: 'error', ...request };
  else yield* chat(request);
}

for await (const line of answer()) {
  if (line.type === 'error') process.exitCode = 1;
  if (!process.stdout.write(`${JSON.stringify(line)}\n`)) await once(process.stdout, 'drain');
}
