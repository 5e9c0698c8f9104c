/** A project's files as the detection looks at them, and what one kind of project contributes. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../../domain/config/schema.js';

/** What one kind of project contributes. */
export interface Finding {
  setup?: string;
  check?: Check;
  reason: string;
}

/** Looks whether a project is of its kind; finds nothing where it is not. */
export type Detector = (project: Project) => Promise<Finding[]>;

/** Larger files say nothing of how a project is checked. */
const readLimit = 1024 * 1024;
export interface Project {
  names: Set<string>;
  list(subfolder: string): Promise<string[]>;
  /** Empty where there is no such text file. */
  read(path: string): Promise<string>;
}

/** @param folder the project's root */
export async function lookAt(folder: string): Promise<Project> {
  const list = (subfolder: string) => readdir(join(folder, subfolder)).catch((): string[] => []);
  const read = async (path: string) => {
    const text = await readFile(join(folder, path), 'utf8').catch(() => '');
    return text.length > readLimit ? '' : text;
  };
  return { names: new Set(await list('.')), list, read };
}
