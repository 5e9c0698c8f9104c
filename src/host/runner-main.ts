/** The runner's own process: runs what it is told, and ends with whoever started it, with all that it runs. */
import { execute } from './commands.js';
import type { Order, Report } from './runner.js';

const report = (message: Report): void => void process.send?.(message);

process.on('disconnect', () => process.exit());
process.on('message', async ({ id, command }: Order) => report({ id, end: await execute(command) }));
report('ready');
