import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Changes, watchChanges } from '../../src/host/watch.js';

const never = new AbortController().signal;

describe('a directory that is watched', () => {
  let folder: string;
  let changes: Changes | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blueprint-watch-'));
  });
  afterEach(async () => {
    changes?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** How long the next change was waited for, in milliseconds. */
  async function waited(next: Promise<void>): Promise<number> {
    const from = performance.now();
    await next;
    return performance.now() - from;
  }

  test('is looked at once at first, then when something is written', async () => {
    changes = watchChanges(folder);
    await changes.next(never);
    const next = waited(changes.next(never));
    await writeFile(join(folder, 'file'), '');
    expect(await next).toBeLessThan(200);
  });

  test('is looked at all the same when the system says nothing', async () => {
    changes = watchChanges(folder);
    await changes.next(never);
    expect(await waited(changes.next(never))).toBeGreaterThan(200);
  });

  test('need not be there yet, and is watched once it is', async () => {
    const later = join(folder, 'later');
    changes = watchChanges(later);
    await changes.next(never);
    expect(await waited(changes.next(never))).toBeLessThan(200);
    await mkdir(later);
    // It is watched from the next look on, and what came before that look is looked for.
    await changes.next(never);
    await changes.next(never);
    expect(await waited(changes.next(never))).toBeGreaterThan(200);
  });

  test('is waited for until something else happens', async () => {
    changes = watchChanges(folder);
    await changes.next(never);
    expect(await waited(changes.next(never, Promise.resolve()))).toBeLessThan(200);
  });

  test('is not waited for any more when that is broken off', async () => {
    changes = watchChanges(folder);
    await changes.next(never);
    const stop = new AbortController();
    const next = changes.next(stop.signal);
    stop.abort(new Error('stopped'));
    await expect(next).rejects.toThrow('stopped');
  });
});
