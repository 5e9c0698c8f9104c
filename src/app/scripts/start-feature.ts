/**
 * Starts a feature from a brief, works on it in this process, and prints what happens.
 *
 *     npm run client:start -- NAME BRIEF
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openProject } from '../index.js';
import { printUntilSettled } from './follow.js';

const [name = '', brief = ''] = process.argv.slice(2);
// npm runs a script in the package's folder, and says here where the person is.
const folder = process.env.INIT_CWD ?? process.cwd();

const project = await openProject(folder, { announce: console.error });
await project.start({ name, text: await readFile(resolve(folder, brief), 'utf8'), mode: 'static' });

const worker = await project.work();
const done = await printUntilSettled(project.feature(name));
await worker.stop();
await project.close();
process.exitCode = done ? 0 : 3;
