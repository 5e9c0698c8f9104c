/**
 * Goes on with a feature after a crash: what was finished is kept, calls that still run are taken over.
 *
 *     npm run client:go-on -- NAME
 */
import { openProject } from '../index.js';
import { printUntilSettled } from './follow.js';

const [name = ''] = process.argv.slice(2);
const project = await openProject(process.env.INIT_CWD ?? process.cwd(), { announce: console.error });
const feature = project.feature(name);
// The workflow has only waited; where it has failed itself, this starts it anew.
await feature.resume();

const worker = await project.work();
const done = await printUntilSettled(feature);
await worker.stop();
await project.close();
process.exitCode = done ? 0 : 3;
