/** The command: arguments and streams in, an exit status out. */
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { parseArgs, UsageError, usage } from './args.js';
import { count, sum } from './count.js';
import { table } from './table.js';

/**
 * @param {string[]} args
 * @param {Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr'>} streams
 * @returns {Promise<number>} 0, 1 when a file could not be read, 2 for a command line that cannot be followed
 */
export async function run(args, { stdin, stdout, stderr }) {
  let options;
  try {
    options = parseArgs(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`tally: ${error.message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    stdout.write(usage);
    return 0;
  }

  const rows = [];
  let status = 0;
  for (const name of options.files.length > 0 ? options.files : ['-']) {
    try {
      const content = name === '-' ? await buffer(stdin) : await readFile(name);
      rows.push({ name, ...count(content) });
    } catch (error) {
      stderr.write(`tally: ${name} cannot be read (${error.code}).\n`);
      status = 1;
    }
  }

  const total = { name: 'total', ...sum(rows) };
  stdout.write(table(options.totalOnly ? [total] : rows.length > 1 ? [...rows, total] : rows));
  return status;
}
