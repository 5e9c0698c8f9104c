/** Reading the command line. */

export const usage = `Usage: tally [OPTION...] [--] [FILE...]

Counts the lines, words and bytes of each FILE; of standard input where FILE is - or there is none.

  --total  only the total
  --help   this text
`;

/** A command line that cannot be followed. Its message is for the person who typed it. */
export class UsageError extends Error {}

/**
 * @param {string[]} args the words after the command's name
 * @returns {{ help: boolean, totalOnly: boolean, files: string[] }}
 * @throws {UsageError} for an option that does not exist
 */
export function parseArgs(args) {
  const options = { help: false, totalOnly: false, files: [] };
  let optionsEnded = false;
  for (const arg of args) {
    if (optionsEnded || arg === '-' || !arg.startsWith('-')) options.files.push(arg);
    else if (arg === '--') optionsEnded = true;
    else if (arg === '--help') options.help = true;
    else if (arg === '--total') options.totalOnly = true;
    else throw new UsageError(`There is no option ${arg}.`);
  }
  return options;
}
