/**
 * Stops one task of a feature: its processes are ended, what depends on it is blocked, everything else goes on.
 *
 *     npm run client:stop-task -- NAME TASK
 */
import { openClient } from '../index.js';

const [name = '', task = ''] = process.argv.slice(2);
const client = await openClient({ root: process.env.INIT_CWD ?? process.cwd(), announce: console.error });
await client.stopTask(name, task);
console.log(`Stopping ${task} of ${name}.`);
await client.close();
