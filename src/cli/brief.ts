/** Where a brief comes from: a file, the command line, a pipe, or the person's clipboard. */

import { fstatSync } from 'node:fs';
import { type BriefSource, Problem, readBrief, type StartOptions } from '../app/index.js';
import { canAsk, note } from './output.js';

export interface BriefOptions {
  brief?: string | undefined;
  message?: string | undefined;
  spec?: string | undefined;
}

/** @throws {Problem} when there is more than one */
export function checkBriefOptions({ brief, message, spec }: BriefOptions): void {
  const given = [
    ...(brief === undefined ? [] : ['--brief']),
    ...(message === undefined ? [] : ['-m']),
    ...(spec === undefined ? [] : ['--spec']),
  ];
  if (given.length > 1)
    throw new Problem('usage', `There is one brief: give only one of ${given.join(', ')}.`);
}

export const namesBrief = ({ brief, message, spec }: BriefOptions): boolean =>
  brief !== undefined || message !== undefined || spec !== undefined;

/** @throws {Problem} when it cannot be used */
export async function takeBrief(options: BriefOptions): Promise<Pick<StartOptions, 'text' | 'textIsSpec'>> {
  checkBriefOptions(options);
  if (options.spec !== undefined)
    return {
      text: await readBrief({ kind: 'file', path: options.spec }, 'specification'),
      textIsSpec: true,
    };
  return { text: await readBrief(sourceOf(options)), textIsSpec: false };
}

function sourceOf({ brief, message }: BriefOptions): BriefSource {
  if (message !== undefined) return { kind: 'text', text: message };
  if (brief !== undefined) return { kind: 'file', path: brief };
  if (process.stdin.isTTY) {
    if (!canAsk())
      throw new Problem('usage', 'Give a brief with --brief FILE, -m TEXT or --spec FILE, or pipe it in.');
    note('Paste your feature brief (press Ctrl+D when done):');
  }
  return { kind: 'stream', stream: process.stdin };
}

/** A pipe's writer was started with us: what it has to say at once, it says within this time. */
const pipeMs = 200;

/** Whether a text is piped in, as far as can be told without waiting for a pipe that is merely open. */
export async function isTextPiped(): Promise<boolean> {
  if (process.stdin.isTTY) return false;
  const found = fstatSync(0);
  if (found.isFile()) return found.size > 0;
  if (!found.isFIFO() && !found.isSocket()) return false;
  return new Promise((resolve) => {
    const done = (piped: boolean) => {
      clearTimeout(timer);
      // Not read any further, and not waited for at the end.
      process.stdin.destroy();
      resolve(piped);
    };
    const timer = setTimeout(() => done(false), pipeMs);
    process.stdin.once('data', () => done(true));
    process.stdin.once('end', () => done(false));
    process.stdin.once('error', () => done(false));
  });
}
