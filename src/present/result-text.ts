/** What a feature has come to, as the result gate shows it. Pure. */
import type { FeatureResult } from '../domain/feature/outcome.js';
import { checkItem } from './check-text.js';
import { cleanLine } from './clean.js';
import { usageLine } from './status-text.js';
import { count } from './words.js';

type Stat = FeatureResult['files'][number];

/** As many files as leave the rest of the screen for what is to be decided. */
const filesShown = 20;

/** The change, the checks and the cost, and how to see the whole of the change. */
export function resultLines(
  { base, files, checks, usage, unknown }: FeatureResult,
  branch: string,
): string[] {
  return [
    ...statLines(files),
    ...(checks.length === 0
      ? ['Checks: none ran, so it is unverified']
      : ['Checks:', ...checks.map(checkItem)]),
    usageLine({ usage, unknown }),
    `The whole change: git diff ${base.slice(0, 10)}..${branch}`,
  ];
}

/** Each file with its added and removed lines, a bounded number of them, and the sum. */
export function statLines(files: readonly Stat[], most = filesShown): string[] {
  const shown = files.slice(0, most);
  const width = Math.max(0, ...shown.map((file) => amount(file).length));
  const sum = (key: 'added' | 'removed') => files.reduce((total, file) => total + (file[key] ?? 0), 0);
  return [
    ...shown.map((file) => `  ${amount(file).padStart(width)}  ${cleanLine(file.path)}`),
    ...(files.length > most ? [`  … and ${count(files.length - most, 'more file')}`] : []),
    `${count(files.length, 'file')} changed, +${sum('added')} −${sum('removed')}`,
  ];
}

const amount = ({ added, removed }: Stat): string =>
  added === undefined ? 'binary' : `+${added} −${removed ?? 0}`;
