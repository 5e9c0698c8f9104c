/**
 * The embedded server's database, and which server last wrote it.
 *
 * A server makes its tables only where there is no file, and changes none that are there: a newer one works on an older
 * one's tables, without what its own would have. So a database stays with the server that wrote it while that is there,
 * and before another one opens it, it is copied.
 */
import { constants, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { fileFormat } from '../../domain/file-format.js';
import { Problem } from '../../domain/problem.js';
import { writeFileAtomic } from '../../host/atomic-file.js';
import type { Environment } from '../../host/environment.js';
import { exists, readFileAs, unlessMissing } from '../../host/files.js';
import { isOlder } from '../../host/version.js';
import type { Announce } from '../announce.js';
import type { TemporalBinary } from '../binary/examine.js';
import { serverFiles } from './files.js';

const recordSchema = z.object({
  /** The version of the server that last opened it. */
  version: z.string(),
  /** The command of that server. */
  binary: z.string(),
  /** Whether a server ever answered with it: if not, it may be half made, and nothing is in it. */
  used: z.boolean(),
});

const recordFormat = fileFormat(1, recordSchema);

export type Database =
  /** None is there, or one that a killed first start left, with nothing in it. */
  | { state: 'empty' }
  | { state: 'written'; by: TemporalBinary }
  /** A database without a record, such as one that a person put there. */
  | { state: 'unknown' };

/** @throws {Problem} `damaged-file`, `newer-file` */
export async function findDatabase(env: Environment): Promise<Database> {
  const files = serverFiles(env);
  if (!(await exists(files.database))) return { state: 'empty' };
  const record = await readFileAs(files.databaseRecord, recordFormat);
  if (record === undefined) return { state: 'unknown' };
  return record.used
    ? { state: 'written', by: { path: record.binary, version: record.version } }
    : { state: 'empty' };
}

/**
 * Makes the database ready for a server: copies one that another server wrote, and removes a half made one, with which
 * no server would start again.
 *
 * @throws {Problem} `server-older` for a server that is older than the one that wrote it
 */
export async function prepareDatabase(
  found: Database,
  binary: TemporalBinary,
  announce: Announce,
  env: Environment,
): Promise<void> {
  if (found.state === 'empty') {
    for (const file of databaseFiles(env)) await rm(file, { force: true });
    return;
  }
  if (found.state === 'written') {
    if (found.by.version === binary.version) return;
    if (isOlder(binary.version, found.by.version)) throw serverOlder(found.by, binary, env);
  }
  await copyDatabase(found, binary, announce, env);
}

/**
 * Records which server has the database from now on.
 *
 * @param used whether a server has answered with it
 */
export const recordDatabase = (
  { path, version }: TemporalBinary,
  used: boolean,
  env: Environment,
): Promise<void> =>
  writeFileAtomic(serverFiles(env).databaseRecord, recordFormat.text({ version, binary: path, used }));

const databaseFiles = (env: Environment): string[] =>
  ['', '-wal', '-shm', '-journal'].map((suffix) => `${serverFiles(env).database}${suffix}`);

/** Copies the database into a folder beside it, together with its record. The caller holds the server's lock. */
async function copyDatabase(
  found: Database,
  binary: TemporalBinary,
  announce: Announce,
  env: Environment,
): Promise<void> {
  const { folder, databaseRecord } = serverFiles(env);
  const target = await freePath(join(folder, `before-${binary.version}`));
  const writer = found.state === 'written' ? `server ${found.by.version}` : 'an unknown server';
  announce(`Copying the database of ${writer} to ${target}, before server ${binary.version} opens it ...`);
  const aside = join(folder, '.copying');
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { mode: 0o700 });
  // Where the disk can, it shares the blocks.
  for (const file of [...databaseFiles(env), databaseRecord])
    await unlessMissing(copyFile(file, join(aside, basename(file)), constants.COPYFILE_FICLONE));
  await rename(aside, target);
}

async function freePath(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? path : `${path}-${n}`;
    if (!(await exists(candidate))) return candidate;
  }
}

const serverOlder = (last: TemporalBinary, binary: TemporalBinary, env: Environment): Problem => {
  const { database, folder } = serverFiles(env);
  return new Problem(
    'server-older',
    `The database ${database} was last used by Temporal server ${last.version} (${last.path}), and ${binary.path} is the older ${binary.version}: install a newer Temporal CLI, or move the folder ${folder} away to begin with an empty one.`,
  );
};
