/** What is to be typed into a shell is a matter of the terminal: other screens have buttons for it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** Where sentences for a terminal are made. */
const terminal = ['src/cli/', 'src/present/'];
const comments = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
/** `blueprint status`, or the bare command between backquotes. */
const command = /\bblueprint [a-z]|`blueprint\\?`/;

test('no command to type stands in a text outside of what is made for a terminal', async () => {
  const names = await readdir('src', { recursive: true });
  const files = names.map((name) => join('src', name)).filter((name) => name.endsWith('.ts'));
  const found: string[] = [];
  for (const file of files.filter((name) => !terminal.some((folder) => name.startsWith(folder)))) {
    const lines = (await readFile(file, 'utf8')).replace(comments, '').split('\n');
    found.push(...lines.filter((line) => command.test(line)).map((line) => `${file}: ${line.trim()}`));
  }
  expect(found).toEqual([]);
});
