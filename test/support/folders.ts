/** Temporary folders, which are removed after each test. */
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';

/** Gives each test empty folders that are removed after it. */
export function temporaryFolders(): () => Promise<string> {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });
  return async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'blueprint-feature-')));
    folders.push(folder);
    return folder;
  };
}

/** Gives each test of a file a temporary folder, with `home` and `state` in it, which is removed after it. */
export function inTemporaryFolder(): () => string {
  let folder = '';
  const before = {
    HOME: process.env.HOME,
    XDG_STATE_HOME: process.env.XDG_STATE_HOME,
    PATH: process.env.PATH,
  };
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'blueprint-workspace-')));
    await mkdir(join(folder, 'home'));
    process.env.HOME = join(folder, 'home');
    process.env.XDG_STATE_HOME = join(folder, 'state');
  });
  afterEach(async () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await rm(folder, { recursive: true, force: true });
  });
  return () => folder;
}
