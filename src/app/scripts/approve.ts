/**
 * Approves what a feature waits for. The server keeps the decision until a worker runs.
 *
 *     npm run client:approve -- NAME [GATE]
 */
import { openProject } from '../index.js';

const [name = '', gate] = process.argv.slice(2);
const project = await openProject(process.env.INIT_CWD ?? process.cwd(), { announce: console.error });
const approved = await project.feature(name).approve({ gate });
console.log(`Approved ${approved.gate} of ${name}.`);
await project.close();
