#!/usr/bin/env node
/**
 * The scripted model's command: reads a prompt on standard input, plays the answer that a script has for it.
 *
 *     node main.js --script FILE [--ledger FILE] < prompt
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { play } from './play.js';

const { values } = parseArgs({ options: { script: { type: 'string' }, ledger: { type: 'string' } } });
if (values.script === undefined) {
  process.stderr.write('usage: main.js --script FILE [--ledger FILE] < prompt\n');
  process.exit(2);
}
process.exitCode = await play({
  script: values.script,
  ledger: values.ledger,
  prompt: readFileSync(0, 'utf8'),
  // Set for every process of a call.
  call: process.env.BLUEPRINT_CALL ?? '',
  tryNumber: Number(process.env.BLUEPRINT_TRY ?? 0),
});
