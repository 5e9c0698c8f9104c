/** A function is read from top to bottom, on one screen. */
import { readdirSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { testFolder } from '../support/source-process.js';
import { functionsOf } from './functions.js';

const most = 80;

const tooLong = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      functionsOf(join(folder, file)).map((found) => ({ ...found, file: join(folder, file) })),
    )
    .filter(({ lines, comment }) => lines > most && !comment.includes('long because'))
    .map(({ file, line, lines, name }) => `${file}:${line}: ${lines} lines: ${name}`);

test(`no function is longer than ${most} lines, but where the comment before it says why`, () => {
  expect(tooLong('src')).toEqual([]);
});

test('functions are found with their lines and the comment before them, closures too', async () => {
  const file = join(await mkdtemp(join(testFolder(), 'functions-')), 'sample.ts');
  await writeFile(
    file,
    [
      '/** Ä. It is long because',
      ' * it says so. */',
      'export function a() {',
      '  return () => {',
      '    b();',
      '  };',
      '}',
      '',
    ].join('\n'),
  );
  expect(functionsOf(file)).toEqual([
    {
      name: 'export function a() {',
      line: 3,
      lines: 5,
      comment: '/** Ä. It is long because\n * it says so. */',
    },
    { name: 'return () => {', line: 4, lines: 3, comment: '' },
  ]);
});
