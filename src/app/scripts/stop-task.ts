/**
 * Stops one task of a feature: its processes are ended, what depends on it is blocked, everything else goes on.
 *
 *     npm run client:stop-task -- NAME TASK
 */
import { openProject } from '../index.js';

const [name = '', task = ''] = process.argv.slice(2);
const project = await openProject(process.env.INIT_CWD ?? process.cwd(), { announce: console.error });
await project.feature(name).stop(task);
console.log(`Stopping ${task} of ${name}.`);
await project.close();
