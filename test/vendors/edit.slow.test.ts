/** Edit mode with the real commands: they change the worktree by their own tools, and nothing else. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Step } from '../doubles/scenario.js';
import { git } from '../support/project.js';
import { testFolder } from '../support/source-process.js';
import { answerOf, ask, vendorCall } from '../support/vendor-call.js';
import { installingMs, type VendorModel, vendorModels } from '../support/vendor-commands.js';
import { type VendorDouble, type VendorWorld, vendorDouble, vendorWorld } from '../support/vendor-double.js';

interface Site {
  repository: string;
  /** Beside the repository, empty; `link` in the repository leads there. */
  outside: string;
}

/** Each test has its own, so that they can run side by side. */
const sites = new Map<string, Site>();
const siteOf = (model: VendorModel, task: string): Site => sites.get(`${model} ${task}`) as Site;

async function makeSite(): Promise<Site> {
  const folder = await realpath(await mkdtemp(join(testFolder(), 'edit-')));
  const [repository, outside] = [join(folder, 'repository'), join(folder, 'outside')] as const;
  await mkdir(outside);
  await mkdir(repository);
  await writeFile(join(repository, 'greeting.txt'), 'helo\nworld\n');
  await symlink(outside, join(repository, 'link'));
  await git(repository, 'init', '--quiet', '--initial-branch=main');
  await git(repository, 'add', '--all');
  await git(repository, 'commit', '--quiet', '--message=Begin');
  return { repository, outside };
}

const edits: Step[] = [
  { read: 'greeting.txt' },
  { edit: 'greeting.txt', from: 'helo', to: 'hello' },
  { write: 'notes/new.txt', content: 'one\ntwo\n' },
];

/** Each way out by itself: what one attempt leads to must not hide the next. */
const escapes = (outside: string): Record<string, Step[]> => ({
  'an absolute path': [{ write: join(outside, 'absolute.txt'), content: 'x\n' }],
  'a path upwards': [{ write: '../outside/upwards.txt', content: 'x\n' }],
  'a symbolic link': [{ write: 'link/linked.txt', content: 'x\n' }],
  'a shell': [
    { run: 'echo x > ../outside/shell.txt' },
    { run: `cp greeting.txt ${join(outside, 'copied.txt')}` },
    { run: 'ln -s ../outside own-link && echo x > own-link/own-linked.txt' },
  ],
});
const escapeNames = Object.keys(escapes(''));
const escapeTask = (name: string): string => name.replaceAll(' ', '-');

let double: VendorDouble;
let world: VendorWorld;
beforeAll(async () => {
  for (const model of vendorModels)
    for (const task of ['edits', 'text', ...escapeNames.map(escapeTask)])
      sites.set(`${model} ${task}`, await makeSite());
  double = await vendorDouble([
    { match: { task: 'edits' }, answers: [{ tools: edits, text: 'The greeting is right.' }] },
    ...vendorModels.flatMap((model) =>
      escapeNames.map((name) => ({
        match: { task: escapeTask(name), model },
        answers: [{ tools: escapes(siteOf(model, escapeTask(name)).outside)[name] ?? [], text: 'Tried it.' }],
      })),
    ),
    {
      match: { task: 'text' },
      answers: [
        {
          tools: [
            { write: 'text-mode.txt', content: 'x\n' },
            { edit: 'greeting.txt', from: 'world', to: 'all' },
            { run: 'echo x > text-mode-shell.txt' },
          ],
          text: 'Tried it.',
        },
      ],
    },
  ]);
  world = await vendorWorld(double.url);
}, installingMs);
afterAll(() => double?.close());

const resultsOf = async (model: VendorModel, task: string): Promise<string[]> =>
  (await double.asked())
    .filter(({ fields, turn }) => fields.model === model && fields.task === task && turn > 0)
    .map(({ toolResult }) => toolResult ?? '');

describe.each(vendorModels)('%s', (model) => {
  test.concurrent('edits and makes files by its tools, and the diff has them', async () => {
    const { repository } = siteOf(model, 'edits');
    const call = await vendorCall(world, model, 'edits', { mode: 'edit', cwd: repository });
    expect(await answerOf(await ask(call))).toContain('The greeting is right.');
    await git(repository, 'add', '--all');
    const diff = await git(repository, 'diff', '--cached', '--unified=0');
    expect({ diff, results: await resultsOf(model, 'edits') }).toMatchObject({
      diff: expect.stringMatching(/-helo\n\+hello[\s\S]*notes\/new\.txt[\s\S]*\+one\n\+two/),
    });
  });

  test.concurrent.each(escapeNames)('does not get out of the worktree by %s', async (name) => {
    const { repository, outside } = siteOf(model, escapeTask(name));
    const call = await vendorCall(world, model, escapeTask(name), { mode: 'edit', cwd: repository });
    await answerOf(await ask(call));
    const results = await resultsOf(model, escapeTask(name));
    // Each attempt was made: it was not the double that kept silent.
    expect(results).toHaveLength(escapes('')[name]?.length ?? 0);
    expect({ files: await readdir(outside), results }).toMatchObject({ files: [] });
  });

  test.concurrent('changes nothing at all in text mode', async () => {
    const { repository } = siteOf(model, 'text');
    const call = await vendorCall(world, model, 'text', { cwd: repository });
    await ask(call);
    expect(await readFile(join(repository, 'greeting.txt'), 'utf8')).toContain('world');
    expect(existsSync(join(repository, 'text-mode.txt'))).toBe(false);
    expect(existsSync(join(repository, 'text-mode-shell.txt'))).toBe(false);
  });
});
