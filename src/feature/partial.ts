/**
 * `partial/`: what each task produced, for people to look at. `partial/T001_code.js` is the last attempt;
 * `partial/attempts/` keeps every one, numbered, and is what references point to, since nothing there changes.
 */

import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { taskIdProblem } from '../domain/names.js';
import { Problem } from '../domain/problem.js';
import type { FileReference } from '../domain/references.js';
import { createFileAtomic, writeFileAtomic } from '../host/atomic-file.js';
import { unlessMissing } from '../host/files.js';
import { readArtifact, sha256 } from './artifacts.js';
import { insidePath } from './inside.js';

export type PartialKind = 'architecture' | 'boilerplate' | 'code' | 'review' | 'corrected';

export type PartialContent =
  /** `extension` without its dot. */
  | { text: string; extension: string }
  /** Paths relative, with forward slashes. One file is kept as a file, several as a folder. */
  | { files: readonly { path: string; content: string }[] };

interface Stored {
  /** What follows `T001_code`: `.js`, or nothing for a folder. */
  suffix: string;
  /** Paths below the stored thing, '' for itself. */
  files: { path: string; content: string }[];
}

/**
 * Saves what an attempt at a task produced. Saving the same again changes nothing; saving something else under
 * the number of an earlier attempt keeps both.
 *
 * @param attempt counts from 1 within the task
 * @param label tells drafts of one attempt apart, as in a race; such a draft is only kept among the attempts
 * @returns references to the numbered files
 * @throws {Problem} for a task's id or a file's path that cannot be used
 */
export async function savePartial(
  featureDir: string,
  task: string,
  kind: PartialKind,
  attempt: number,
  content: PartialContent,
  label?: string,
): Promise<FileReference[]> {
  const problem = taskIdProblem(task);
  if (problem !== undefined) throw new Problem('path-unusable', problem);
  if (label !== undefined && !/^[A-Za-z0-9-]+$/.test(label))
    throw new Problem('path-unusable', `The label ${JSON.stringify(label)} cannot be part of a file's name.`);
  const stored = asStored(content);
  const stem = `${task}_${kind}`;
  const numbered = `${stem}.${attempt}${label === undefined ? '' : `-${label}`}`;
  const references = await keepAttempt(featureDir, numbered, stored);
  if (label === undefined && attempt >= (await lastAttempt(featureDir, stem)))
    await showLast(featureDir, stem, stored);
  return references;
}

/**
 * Puts one of several drafts of an attempt under the task's plain name: the one that a race was decided for.
 *
 * @param references as `savePartial` gave them
 */
export async function showPartial(featureDir: string, references: readonly FileReference[]): Promise<void> {
  const names = references.map(({ path }) => labelled.exec(path));
  const [first] = names;
  if (first?.[1] === undefined) return;
  const files = await Promise.all(
    references.map(async (reference, index) => ({
      path: names[index]?.[3]?.slice(1) ?? '',
      content: await readArtifact(featureDir, reference),
    })),
  );
  await showLast(featureDir, first[1], { suffix: first[2] ?? '', files });
}

/** `T001_code`, `.js` or nothing, and the path below, of `partial/attempts/T001_code.1-gemini.js`. */
const labelled = /^partial\/attempts\/(\w[\w-]*?_[a-z]+)\.\d+-[A-Za-z0-9-]+(\.[A-Za-z0-9]+)?(\/.*)?$/;

function asStored(content: PartialContent): Stored {
  if ('text' in content)
    return { suffix: extension(content.extension), files: [{ path: '', content: content.text }] };
  const [first, ...more] = content.files;
  if (first !== undefined && more.length === 0)
    return { suffix: extension(extname(first.path).slice(1)), files: [{ path: '', content: first.content }] };
  return { suffix: '', files: [...content.files] };
}

/** Extensions come from models' paths; what is no plain one becomes `.txt`. */
const extension = (name: string): string => (/^[A-Za-z0-9]{1,16}$/.test(name) ? `.${name}` : '.txt');

async function keepAttempt(featureDir: string, numbered: string, stored: Stored): Promise<FileReference[]> {
  const contents = stored.files.map(({ path, content }) => ({ path, bytes: Buffer.from(content) }));
  const digest = sha256(JSON.stringify(stored.files)).slice(0, 8);
  for (const name of [numbered, `${numbered}-${digest}`]) {
    const base = `partial/attempts/${name}${stored.suffix}`;
    const targets = await Promise.all(
      contents.map(async ({ path, bytes }) => {
        const below = path === '' ? base : `${base}/${path}`;
        return { below, file: await insidePath(featureDir, below), bytes };
      }),
    );
    const same = await Promise.all(targets.map(async ({ file, bytes }) => isFreeOrSame(file, bytes)));
    if (!same.every(Boolean)) continue;
    for (const { file, bytes } of targets) await createFileAtomic(file, bytes);
    return targets.map(({ below, bytes }) => ({ path: below, sha256: sha256(bytes), bytes: bytes.length }));
  }
  throw new Problem(
    'file-changed',
    `partial/attempts/${numbered} in ${featureDir} was changed by someone; move it away.`,
  );
}

async function isFreeOrSame(file: string, bytes: Buffer): Promise<boolean> {
  const found = await unlessMissing(readFile(file));
  return found === undefined || found.equals(bytes);
}

async function lastAttempt(featureDir: string, stem: string): Promise<number> {
  const names = await readdir(join(featureDir, 'partial', 'attempts'));
  const numbers = names
    .filter((name) => name.startsWith(`${stem}.`))
    .map((name) => Number.parseInt(name.slice(stem.length + 1), 10));
  return Math.max(0, ...numbers.filter(Number.isInteger));
}

/** Puts the last attempt under its plain name, and takes away a plain one of another extension. */
async function showLast(featureDir: string, stem: string, stored: Stored): Promise<void> {
  const folder = join(featureDir, 'partial');
  const plain = join(folder, `${stem}${stored.suffix}`);
  const [only] = stored.files;
  if (stored.suffix !== '' && only !== undefined) {
    await writeFileAtomic(plain, only.content);
  } else {
    const aside = join(folder, `.${stem}.${randomBytes(4).toString('hex')}`);
    await mkdir(aside, { recursive: true });
    for (const { path, content } of stored.files) {
      const file = await insidePath(aside, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFileAtomic(file, content);
    }
    await rm(plain, { recursive: true, force: true });
    await rename(aside, plain);
  }
  const stale = (await readdir(folder)).filter(
    (name) => (name === stem || name.startsWith(`${stem}.`)) && name !== `${stem}${stored.suffix}`,
  );
  for (const name of stale) await rm(join(folder, name), { recursive: true, force: true });
}
