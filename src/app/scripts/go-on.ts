/**
 * Goes on with a feature after a crash: what was finished is kept, calls that still run are taken over.
 *
 *     npm run client:go-on -- NAME
 */
import { join } from 'node:path';
import { ensureServer } from '../../temporal/find-server.js';
import { startWorker } from '../../worker/index.js';
import { openClient } from '../index.js';
import { printUntilSettled } from './follow.js';

const [name = ''] = process.argv.slice(2);
const root = process.env.INIT_CWD ?? process.cwd();

const client = await openClient({ root, announce: console.error });
// The workflow has only waited; where it has failed itself, this starts it anew.
await client.resume(name);

const server = await ensureServer(console.error);
const worker = await startWorker({ root, server, log: join(root, '.blueprint', 'worker.log') });
const done = await printUntilSettled(client, name);
await worker.stop();
await client.close();
process.exitCode = done ? 0 : 3;
