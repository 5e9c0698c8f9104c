import { describe, expect, test } from '@jest/globals';
import { layoutOf } from '../../src/prompt-context/layout.js';
import { importedFiles, namedFiles, nearConventions, testsOf } from '../../src/prompt-context/related.js';

describe('the files that a text names are found', () => {
  test('by their paths, in its order', () => {
    const paths = ['a.js', 'src/a.js', 'src/list.js', 'README.md', 'Makefile', 'src/b.js'];
    const text = 'Change `src/list.js` (see ./src/a.js, README.md.) and the Makefile; not src/bb.js.';
    expect(namedFiles(text, paths)).toEqual(['src/list.js', 'src/a.js', 'README.md', 'Makefile']);
  });

  test('by a name that only one file has, but not by a word', () => {
    const paths = ['src/list.js', 'src/a/index.js', 'src/b/index.js', 'bin/test', 'docs'];
    expect(namedFiles('In list.js and index.js, test the docs.', paths)).toEqual(['src/list.js', 'docs']);
  });
});

describe('the tests of a file are found', () => {
  const cases: [string, string, string[]][] = [
    ['src/run.js', 'test/run.test.js', ['test/run_other.test.js']],
    ['src/run.ts', 'src/run.spec.ts', []],
    ['src/run.tsx', 'src/__tests__/run.test.ts', []],
    ['app/ledger.py', 'tests/test_ledger.py', ['tests/test_ledgers.py']],
    ['pkg/run.go', 'pkg/run_test.go', []],
    ['src/main/java/Run.java', 'src/test/java/RunTest.java', []],
    ['lib/run.rb', 'spec/run_spec.rb', ['spec/run_spec.yml']],
  ];
  test.each(cases)('%s: %s', (path, expected, others) => {
    expect(testsOf(path, [path, expected, ...others])).toEqual([expected]);
  });

  test('of names that are there many times, those below a folder of the same name', () => {
    const tests = ['test/a/index.test.js', 'test/b/index.test.js'];
    expect(testsOf('src/a/index.js', tests)).toEqual(['test/a/index.test.js']);
  });
});

describe('what a file imports is found', () => {
  test('in JavaScript and TypeScript', () => {
    const content = `import { a } from './a.js';\nimport type { B } from '../b.js';\nimport './c';
      const d = require("./d"); export * from './e/index.js'; await import('./f.js'); import x from 'lib';`;
    const paths = new Set([
      'src/a.ts',
      'b.ts',
      'src/c/index.js',
      'src/d.js',
      'src/e/index.ts',
      'src/f.js',
      'lib',
    ]);
    expect(importedFiles('src/x.ts', content, paths)).toEqual([
      'src/a.ts',
      'b.ts',
      'src/c/index.js',
      'src/d.js',
      'src/e/index.ts',
      'src/f.js',
    ]);
  });

  test('in Python', () => {
    const content =
      'import os\nfrom spend import ledger\nfrom .report import Row\nfrom spend.cli.args import (x)\nimport tools.run\n';
    const paths = new Set([
      'spend/ledger.py',
      'spend/__init__.py',
      'spend/report.py',
      'spend/cli/args.py',
      'tools/run.py',
    ]);
    expect(importedFiles('spend/summary.py', content, paths)).toEqual([
      'spend/__init__.py',
      'spend/ledger.py',
      'spend/report.py',
      'spend/cli/args.py',
      'tools/run.py',
    ]);
  });
});

test('the conventions of a file’s folders are found, outermost first', () => {
  const paths = new Set(['AGENTS.md', 'src/AGENTS.md', 'src/cli/CLAUDE.md', 'docs/AGENTS.md']);
  expect(nearConventions(['src/cli/main.ts', 'src/a.ts'], paths)).toEqual([
    'src/AGENTS.md',
    'src/cli/CLAUDE.md',
  ]);
});

describe('a layout', () => {
  test('that is short is told whole', () => {
    expect(layoutOf(['a', 'b/c'], 2)).toBe('a\nb/c');
  });

  test('that is long has its large folders closed, and the others open', () => {
    const fixtures = Array.from({ length: 50 }, (_, index) => `fixtures/${index}.json`);
    const paths = [
      'README.md',
      ...fixtures,
      'src/cli/main.ts',
      'src/present/words.ts',
      'src/index.ts',
      'x/y',
    ];
    expect(layoutOf(paths, 7).split('\n')).toEqual([
      'README.md',
      'fixtures/ (50 files)',
      'src/cli/main.ts',
      'src/present/words.ts',
      'src/index.ts',
      'x/y',
    ]);
  });

  test('is never longer than asked for, but for the line that says so', () => {
    const flat = Array.from({ length: 1_000 }, (_, index) => `${index}`);
    const lines = layoutOf(flat, 10).split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('… and 990 more');
  });
});
