import { describe, expect, test } from '@jest/globals';
import { matchesGlob } from '../../../src/domain/config/globs.js';
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
  ])('%s', (glob, meant, others) => {
    for (const path of meant) expect([path, matchesGlob(path, glob)]).toEqual([path, true]);
    for (const path of others) expect([path, matchesGlob(path, glob)]).toEqual([path, false]);
  });
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
