/**
 * The files that Blueprint keeps for itself: JSON, with the number of the file's format as `v`.
 *
 * What a reader does with them, everywhere:
 * - A file of our format is checked by its schema. What the schema does not know is kept as it is, so that whoever
 *   reads a file and writes it again loses nothing.
 * - A file of a newer format is refused and never guessed at, a line of one as well.
 * - A damaged file is refused by its name. Of a file of lines, a damaged line costs itself: most often it is the end
 *   of a write that a kill tore.
 *
 * An optional field is no new format. What an older reader must not overlook is one: the number grows, and the
 * reader of the new one says what an old file becomes.
 */
import type * as z from 'zod';
import { isProblem, Problem } from './problem.js';

export interface FileFormat<T> {
  /**
   * @param path names the file in problems
   * @throws {Problem} `damaged-file`, `newer-file`
   */
  parse(text: string, path: string): T;
  /** The text to write, with its line end. */
  text(value: T): string;
}

export interface LineFormat<T> {
  /**
   * @returns undefined for a damaged line
   * @throws {Problem} `newer-file`
   */
  parse(line: string, path: string): T | undefined;
  /** The line to append, with its line end. */
  text(value: T): string;
}

/**
 * A file that holds one object.
 *
 * @param version the number of the format, from 1
 * @param schema changes nothing of what it checks
 */
export const fileFormat = <T extends object>(version: number, schema: z.ZodType<T, T>): FileFormat<T> => ({
  parse(text, path) {
    const value = contentOf(text, version, path);
    if (matches(schema, value)) return value;
    throw damaged(path, firstProblem(schema, value));
  },
  text: (value) => textOf(value, version, 2),
});

/** A file that holds one object, and whose schema fills in what is not there. It refuses what it does not know. */
export const filledFileFormat = <T extends object>(version: number, schema: z.ZodType<T>): FileFormat<T> => ({
  parse(text, path) {
    const value = contentOf(text, version, path);
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw damaged(path, firstProblem(schema, value));
  },
  text: (value) => textOf(value, version, 2),
});

/**
 * A file that grows by lines, each of which holds one object and the number of the format.
 *
 * @param fits see `guardOf`
 */
export const lineFormat = <T extends object>(
  version: number,
  fits: (value: object) => value is T,
): LineFormat<T> => ({
  parse(line, path) {
    const prefix = `{"v":${version},`;
    if (line.startsWith(prefix)) {
      const value = objectOf(`{${line.slice(prefix.length)}`);
      return value !== undefined && fits(value) ? value : undefined;
    }
    const { v, ...value } = objectOf(line) ?? {};
    refuseNewer(v, version, path);
    return v === version && fits(value) ? value : undefined;
  },
  text: (value) => textOf(value, version),
});

/** The problem of a file that is damaged or newer, for whoever goes on without the file; other errors are thrown. */
export function unreadable(error: unknown): Problem {
  if (isProblem(error, 'damaged-file') || isProblem(error, 'newer-file')) return error;
  throw error;
}

const textOf = (value: object, version: number, indent?: number): string =>
  `${JSON.stringify({ v: version, ...value }, undefined, indent)}\n`;

/** What a file holds besides the number of its format. */
function contentOf(text: string, version: number, path: string): object {
  const found = objectOf(text);
  if (found === undefined) throw damaged(path, 'it is not a JSON object');
  const { v, ...value } = found;
  refuseNewer(v, version, path);
  if (v !== version) throw damaged(path, `its version is ${JSON.stringify(v) ?? 'missing'}`);
  return value;
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Why the content of a file of a newer format is not read, as a sentence; undefined for any other. */
export function newerProblem(content: unknown, version: number, path: string): string | undefined {
  const found = isObject(content) ? content.v : undefined;
  if (typeof found !== 'number' || found <= version) return undefined;
  return `${path} was written by a newer version of Blueprint: its format is ${found}, and this version reads up to ${version}. Use the newer one.`;
}

function refuseNewer(v: unknown, version: number, path: string): void {
  const problem = newerProblem({ v }, version, path);
  if (problem !== undefined) throw new Problem('newer-file', problem, { file: path });
}

const matches = <T>(schema: z.ZodType<T, T>, value: unknown): value is T => schema.safeParse(value).success;

const damaged = (path: string, reason: string): Problem =>
  new Problem('damaged-file', `${path} is damaged: ${reason}.`, { file: path });

/** The first place at which a value is not what the schema wants, and why. */
function firstProblem(schema: z.ZodType, value: unknown): string {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (issue === undefined) return 'it does not have its form';
  const place = issue.path.map(String).join('.');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}
