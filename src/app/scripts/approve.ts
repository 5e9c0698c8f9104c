/**
 * Approves what a feature waits for. The server keeps the decision until a worker runs.
 *
 *     npm run client:approve -- NAME [GATE]
 */
import { openClient } from '../index.js';

const [name = '', gate] = process.argv.slice(2);
const client = await openClient({ root: process.env.INIT_CWD ?? process.cwd(), announce: console.error });
const approved = await client.approve(name, gate === undefined ? {} : { gate });
console.log(`Approved ${approved.gate} of ${name}.`);
await client.close();
