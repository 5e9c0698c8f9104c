import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { draftPath, draftPathProblem } from '../../src/workspace/paths.js';

describe('paths that a draft may touch', () => {
  test.each([
    'a.js',
    'src/a.js',
    '.github/workflows/ci.yml',
    '.gitignore',
    'a b/ü 漢.txt',
    '-rf',
    '--help/x',
    '...',
    'git/x',
    'x.git',
    '.gitx',
  ])('%j is fine', (path) => expect(draftPathProblem(path)).toBeUndefined());

  test('a leading ./ is taken off', () => {
    expect(draftPath('././src/a.js')).toBe('src/a.js');
    expect(() => draftPath('./../a')).toThrow('climbs out');
  });
});

describe('paths that a draft may not touch', () => {
  test.each([
    ['', 'without a path'],
    ['/etc/passwd', 'absolute'],
    ['C:/x', 'absolute'],
    ['~/.bashrc', 'absolute'],
    ['~root/x', 'absolute'],
    ['..', 'climbs'],
    ['../x', 'climbs'],
    ['a/../../x', 'climbs'],
    ['a//b', 'empty name'],
    ['a/', 'empty name'],
    ['a/./b', 'single dot'],
    ['.', 'single dot'],
    ['a\0b', 'control character'],
    ['a\nb', 'control character'],
    ['..\\x', 'backslash'],
    ['\ud800', 'Unicode'],
    ['.git', 'belongs to git'],
    ['.git/config', 'belongs to git'],
    ['sub/.git/hooks/x', 'belongs to git'],
    ['.GIT/config', 'belongs to git'],
    ['.Git', 'belongs to git'],
    ['.git./config', 'belongs to git'],
    ['.git /config', 'belongs to git'],
    ['.git. . /config', 'belongs to git'],
    ['.git::$INDEX_ALLOCATION/config', 'belongs to git'],
    ['.g\u200cit/config', 'belongs to git'],
    ['GIT~1/config', 'belongs to git'],
    ['.gitmodules', 'belongs to git'],
    ['.blueprint', 'belongs to git or to Blueprint'],
    ['.Blueprint/features/x/spec.md', 'belongs to git or to Blueprint'],
    [`${'a'.repeat(256)}/b`, 'too long'],
    ['a/'.repeat(2100).slice(0, -1), 'too long'],
  ])('%j: %s', (path, words) => expect(draftPathProblem(path)).toContain(words));

  test('whatever passes stays inside and never reaches .git, however it is put together', () => {
    const name = fc.oneof(
      fc.constantFrom(
        '.',
        '..',
        '',
        '.git',
        '.GIT',
        '.git ',
        '.git.',
        '.blueprint',
        'a',
        'b c',
        '~',
        'C:',
        '\\',
        '\0',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(path, (candidate) => {
        if (draftPathProblem(candidate) !== undefined) return;
        const resolved = posix.resolve('/root/project', candidate);
        expect(resolved).toBe(`/root/project/${candidate}`);
        for (const part of candidate.toLowerCase().split('/'))
          expect(['.git', '.blueprint']).not.toContain(part.replace(/[. ]+$/, ''));
      }),
      { numRuns: 2_000 },
    );
  });
});
