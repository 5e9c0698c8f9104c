import { describe, expect, test } from '@jest/globals';
import { globMatcher, isGlob } from '../../../src/domain/config/globs.js';
import { protectedEdits } from '../../../src/domain/tasks/protection.js';

describe('a glob', () => {
  test.each<[string, string[], string[]]>([
    ['src/**', ['src/a.js', 'src/b/c.js'], ['src', 'source/a.js', 'a/src/b']],
    ['**/*.test.js', ['a.test.js', 'x/y/a.test.js'], ['a.js', 'a.test.jsx']],
    ['src/*.js', ['src/a.js'], ['src/b/a.js', 'src/.js/x']],
    ['packages/*/test/**', ['packages/a/test/x', 'packages/a/test/y/z'], ['packages/a/b/test/x']],
    ['a/**/b', ['a/b', 'a/x/y/b'], ['ab', 'a/xb']],
    ['file?.txt', ['file1.txt'], ['file.txt', 'file12.txt', 'file/.txt']],
    ['[a-c].[!x]s', ['a.js', 'c.ts'], ['d.js', 'a.xs']],
    ['*.{yml,yaml}', ['ci.yml', 'ci.yaml'], ['ci.json']],
    ['packages/api', ['packages/api', 'packages/api/x/y'], ['packages/api2/x']],
    ['docs/', ['docs/a', 'docs/b/c'], ['docs2/a']],
    ['./a+b (c).txt', ['a+b (c).txt'], ['aab (c).txt']],
    ['**', ['a', 'a/b', '.github/x'], []],
    ['*.{test,spec}.{js,ts}', ['a.test.ts', 'b.spec.js'], ['a.ts', 'x/a.test.ts']],
    ['src/{api,ui/{a,b}}/**', ['src/api/x', 'src/ui/b/x'], ['src/ui/c/x']],
    ['v{1..3}/**', ['v2/x'], ['v4/x']],
    ['!(src|test)/**', ['docs/a'], ['src/a', 'test/a']],
    ['src/!(*.gen).ts', ['src/a.ts'], ['src/a.gen.ts']],
    ['@(a|b)+(c).ts', ['ac.ts', 'bccc.ts'], ['c.ts', 'ab.ts']],
    ['app/(auth)/**', ['app/(auth)/page.tsx'], ['app/auth/page.tsx']],
    ['app/(auth)', ['app/(auth)', 'app/(auth)/page.tsx'], ['app/auth/page.tsx']],
    ['pages/[[]id].tsx', ['pages/[id].tsx'], ['pages/i.tsx']],
    ['packages/*/', ['packages/a/x', 'packages/a/b/x'], ['packages/a']],
  ])('%s', (glob, meant, others) => {
    for (const path of meant) expect([path, globMatcher([glob])(path)]).toEqual([path, true]);
    for (const path of others) expect([path, globMatcher([glob])(path)]).toEqual([path, false]);
  });
});

test('a list of globs means what one of them means, and not what one with ! means', () => {
  const isMeant = globMatcher(['src/**', '!src/generated', '!**/*.md', 'docs/']);
  expect(['src/a.ts', 'docs/a.txt', 'src/generated2/a.ts'].filter(isMeant)).toHaveLength(3);
  expect(['src/generated/a.ts', 'src/a.md', 'docs/a.md', 'test/a.ts'].filter(isMeant)).toEqual([]);
  expect(['a', 'src/a'].filter(globMatcher([]))).toEqual([]);
});

test('what cannot be read as a glob is none', () => {
  expect(['src/**', '!a', 'a[b', 'a(b', 'a]', '@a'].filter(isGlob)).toHaveLength(6);
  expect(['[z-a]', '{a', '!{a'].filter(isGlob)).toEqual([]);
});

describe('a protected file', () => {
  const globs = ['.github/workflows/**', 'test/*.test.js'];
  const edits = (paths: string[], description = '', title = '') =>
    protectedEdits(paths, globs, { title, description });

  test('may not be touched by a task that does not speak of it', () => {
    expect(edits(['src/a.js', 'test/a.test.js', '.github/workflows/ci.yml'])).toEqual([
      'test/a.test.js',
      '.github/workflows/ci.yml',
    ]);
  });

  test('may be touched by a task that names its path or the glob that protects it', () => {
    const paths = ['test/a.test.js', 'test/b.test.js'];
    expect(edits(paths, 'Extend test/a.test.js.')).toEqual(['test/b.test.js']);
    expect(edits(paths, '', 'Rewrite `test/b.test.js`')).toEqual(['test/a.test.js']);
    expect(edits(paths, 'All of test/*.test.js must use the new runner.')).toEqual([]);
  });

  test('is left to every task where a glob with ! means it', () => {
    const all = ['test/**', '!test/fixtures'];
    const about = { title: '', description: '' };
    expect(protectedEdits(['test/a.js', 'test/fixtures/a.js'], all, about)).toEqual(['test/a.js']);
  });

  test('is not named by a longer path, a part of one, or its name alone', () => {
    for (const text of [
      'old/test/a.test.js',
      'test/a.test.json',
      'a.test.js',
      'test/a.test.js.map',
      'mytest/a.test.js',
    ])
      expect(edits(['test/a.test.js'], text)).toEqual(['test/a.test.js']);
  });
});
