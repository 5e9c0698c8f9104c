import { chmod, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { specCall } from '../../src/domain/calls/call-key.js';
import { writeSpec } from '../../src/planning/spec.js';
import { readableAt } from '../../src/questions/worktree-ref.js';
import { makeFeature } from '../support/feature.js';
import { testFolder } from '../support/source-process.js';

test('a model reads the commit that the feature builds on, and not the person’s checkout', async () => {
  process.env.XDG_STATE_HOME = join(testFolder(), 'state');
  const feature = await makeFeature({ 'a.txt': 'committed\n' }, '');
  await writeFile(join(feature.root, 'a.txt'), 'not committed\n');
  await writeFile(join(feature.root, 'b.txt'), 'not committed\n');
  const input = { feature: 'feature', instance: '0123456789ab', root: feature.root };
  const place = readableAt({ input }, feature.base);
  expect(place?.path.startsWith(feature.root)).toBe(false);
  await place?.prepare();
  expect((await readdir(place?.path ?? '')).sort()).toEqual(['.git', 'a.txt']);
  expect(await readFile(join(place?.path ?? '', 'a.txt'), 'utf8')).toBe('committed\n');
  // Whatever was left there by an earlier try is gone before the next.
  await writeFile(join(place?.path ?? '', 'left.txt'), '');
  await place?.prepare();
  expect((await readdir(place?.path ?? '')).sort()).toEqual(['.git', 'a.txt']);
});

test('outside git there is nothing to read', async () => {
  const feature = await makeFeature({}, '');
  const input = { feature: 'x', instance: '0123456789ab', root: feature.root };
  expect(readableAt({ input }, undefined)).toBeUndefined();
});

describe('the architect', () => {
  /** In the place of the vendor's command: notes how it was called, and what it finds where it may read. */
  async function command(): Promise<{ path: string; calledWith: () => Promise<string> }> {
    const folder = await mkdtemp(join(testFolder(), 'claude-'));
    const path = join(folder, 'claude');
    const result = { type: 'result', subtype: 'success', is_error: false, result: '# Spec\n', usage: {} };
    await writeFile(
      path,
      `#!/bin/sh\nprintf '%s\\n' "$@" >'${folder}/called'\nwhile [ "$1" != --add-dir ] && [ $# -gt 0 ]; do shift; done\n[ $# -gt 0 ] && cat "$2/a.txt" >>'${folder}/called'\ncat >/dev/null\nprintf '%s\\n' '${JSON.stringify(result)}'\n`,
    );
    await chmod(path, 0o755);
    return { path, calledWith: () => readFile(join(folder, 'called'), 'utf8') };
  }

  test('may read the project where its model can, and is told where', async () => {
    process.env.XDG_STATE_HOME = join(testFolder(), 'state');
    const { path, calledWith } = await command();
    const feature = await makeFeature({ 'a.txt': 'committed\n' }, '', {
      script: null,
      models: { claude: { command: path } },
    });
    await writeFile(join(feature.root, 'a.txt'), 'not committed\n');
    const brief = await feature.save('brief.md', 'Change a.txt.\n');
    const call = specCall({ model: 'claude', ask: 1 }, 1, { brief });
    await writeSpec({ feature: 'feature', call, model: 'claude', brief }, feature.scope);
    const prompt = await feature.prompt('spec');
    const folder = /^The project lies in (\/\S+),/m.exec(prompt)?.[1] ?? '';
    expect(await calledWith()).toContain(`--add-dir\n${folder}\n`);
    expect(await calledWith()).toMatch(/\ncommitted\n$/);
    expect(prompt).not.toContain('You have no tools');
    // It can look for itself.
    expect(prompt).not.toContain('path=a.txt');
  });
});
