import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { withLock } from '../../src/host/lock.js';
import { identify } from '../../src/host/processes.js';
import { runSource } from '../support/source-process.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blueprint-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('of several processes, one at a time does the work', async () => {
  const counter = join(folder, 'counter');
  await writeFile(counter, '0');
  const increment = `
    import { readFile, writeFile } from 'node:fs/promises';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { withLock } from './src/host/lock.js';
    for (let n = 0; n < 10; n++) await withLock(process.env.LOCK, async () => {
      const seen = Number(await readFile(process.env.COUNTER, 'utf8'));
      await sleep(3);
      await writeFile(process.env.COUNTER, String(seen + 1));
    });`;
  const env = { LOCK: join(folder, 'lock'), COUNTER: counter };
  await Promise.all([1, 2, 3, 4].map(() => runSource(increment, { env })));
  expect(await readFile(counter, 'utf8')).toBe('40');
});

test('two pieces of work in one process wait for each other', async () => {
  const order: string[] = [];
  const work = (name: string) => () =>
    withLock(join(folder, 'lock'), async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${name} ends`);
    });
  await Promise.all([work('a')(), work('b')()]);
  const first = order[0]?.startsWith('a') ? ['a', 'b'] : ['b', 'a'];
  expect(order).toEqual(first.flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test('a process that was killed while it held the lock holds it no more, and whoever waited was told of it', async () => {
  const lock = join(folder, 'lock');
  const holder = runSource(
    `import { withLock } from './src/host/lock.js';
     setInterval(() => {}, 1000);
     await withLock(process.env.LOCK, async () => { console.log('held'); await new Promise(() => {}); });`,
    { env: { LOCK: lock }, reject: false },
  );
  await once(holder.stdout, 'data');
  const told: number[] = [];
  const done = withLock(
    lock,
    async () => 'done',
    (pid) => {
      told.push(pid);
      holder.kill('SIGKILL');
    },
  );
  expect(await done).toBe('done');
  expect(told).toEqual([holder.pid]);
});

test('work that fails frees the lock, and old claims do not pile up', async () => {
  const lock = join(folder, 'lock');
  const fail = () => Promise.reject(new Error('it failed'));
  for (let n = 0; n < 5; n++) await expect(withLock(lock, fail)).rejects.toThrow('it failed');
  expect(await withLock(lock, async () => 'done')).toBe('done');
  expect((await readdir(lock)).length).toBeLessThan(5);
});

test('a claim below the highest counts for nothing, even of a living process', async () => {
  const lock = join(folder, 'lock');
  await mkdir(lock);
  await writeFile(join(lock, '3'), JSON.stringify(await identify(process.pid)));
  await writeFile(join(lock, '7'), JSON.stringify({ free: true }));
  expect(await withLock(lock, async () => 'done')).toBe('done');
});
