/** Numbers, times and names as a person reads them. Pure. */
import { type ModelName, modelTitles, type Phase } from '../domain/vocabulary.js';

/** What goes on in each phase, until it is over. */
export const phaseTexts: Record<Exclude<Phase, 'done' | 'failed'>, string> = {
  prepare: 'Checking models and the project...',
  spec: '[1/2] Generating specification...',
  plan: '[2/2] Creating tasks from the specification...',
  execution: 'Executing tasks...',
  result: 'Checking the result...',
};

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** A span of time: 0.4 s, 12 s, 3:05, 1:02:03. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** A moment, in local time: 2025-01-31 14:05:09. */
export function moment(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A moment, the same wherever it is read: 2025-01-31 13:05 UTC. */
export const momentUtc = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

export const modelTitle = (model: ModelName, scripted: boolean): string =>
  scripted && model !== 'scripted' ? `${modelTitles[model]} (scripted)` : modelTitles[model];

/** Git's short form of a hash. */
export const shortHash = (hash: string): string => hash.slice(0, 10);

/** A list in a sentence, cut to its first ones: a, b, c and 4 more. */
export function some(items: readonly string[], most: number): string {
  if (items.length <= most) return items.join(', ');
  return `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
}

/** A size: 512 bytes, 20.0 kB, 1.5 GB. */
export function bytes(size: number): string {
  const units = ['kB', 'MB', 'GB'];
  if (size < 1_000) return count(size, 'byte');
  const power = Math.min(units.length, Math.floor(Math.log10(size) / 3));
  return `${(size / 1_000 ** power).toFixed(1)} ${units[power - 1]}`;
}
