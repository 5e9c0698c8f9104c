/**
 * Starts a feature from a brief, works on it in this process, and prints what happens.
 *
 *     npm run client:start -- NAME BRIEF
 */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadConfig } from '../../config/load.js';
import { ensureServer } from '../../temporal/find-server.js';
import { startWorker } from '../../worker/index.js';
import { openClient } from '../index.js';
import { printUntilSettled } from './follow.js';

const [name = '', brief = ''] = process.argv.slice(2);
// npm runs a script in the package's folder, and says here where the person is.
const root = process.env.INIT_CWD ?? process.cwd();

const text = await readFile(resolve(root, brief), 'utf8');
const { config } = await loadConfig(root);
const client = await openClient({ root, announce: console.error });
await client.start({ name, text, textIsSpec: false, mode: 'static', config });

const server = await ensureServer(console.error);
const worker = await startWorker({ root, server, log: join(root, '.blueprint', 'worker.log') });
const done = await printUntilSettled(client, name);
await worker.stop();
await client.close();
process.exitCode = done ? 0 : 3;
