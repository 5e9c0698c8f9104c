import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseFiles } from '../../../src/models/answers/files.js';
import { formatFiles } from '../../../src/models/prompts/format.js';

const one = (path: string, content: string) => ({
  ok: true,
  files: [{ path, content }],
  diffs: [],
  deletions: [],
});

const block = (info: string, ...lines: string[]) => ['```'.concat(info), ...lines, '```'].join('\n');

describe('a file is known by its path', () => {
  test.each([
    ['in the block’s first line', block('js path=src/a.js', 'x')],
    ['in quotes', block('js title="src/a.js"', 'x')],
    ['in braces', block('js {filename: src/a.js}', 'x')],
    ['after the language', block('js src/a.js', 'x')],
    ['joined to the language', block('js:src/a.js', 'x')],
    ['in place of a language', block('src/a.js', 'x')],
    ['with a dot before it', block('js path=./src/a.js', 'x')],
    ['in a bold line before', `**\`src/a.js\`**\n\n${block('js', 'x')}`],
    ['in a heading before', `### src/a.js\n${block('js', 'x')}`],
    ['in a numbered item before', `2. **src/a.js** (new)\n${block('js', 'x')}`],
    ['in a line that says so', `File: \`src/a.js\`:\n${block('js', 'x')}`],
    ['in a comment in the first line', block('js', '// src/a.js', 'x')],
    ['with tildes', '~~~js path=src/a.js\nx\n~~~'],
    ['with line ends of another system', block('js path=src/a.js', 'x').replaceAll('\n', '\r\n')],
  ])('%s', (_, text) => {
    const whole = `Here it is.\n\n${text}\n\nRun it with:\n\n${block('sh', 'npm test')}`;
    expect(parseFiles(whole)).toEqual(one('src/a.js', 'x\n'));
    expect(parseFiles(text)).toEqual(one('src/a.js', 'x\n'));
  });

  test('in an answer that is one block of Markdown', () => {
    const text = `\`\`\`\`markdown\n${block('js path=src/a.js', 'x')}\n\`\`\`\``;
    expect(parseFiles(text)).toEqual(one('src/a.js', 'x\n'));
  });

  test.each([
    ['`Makefile`', 'Makefile'],
    ['`.github/workflows/ci.yml`:', '.github/workflows/ci.yml'],
    ['#### `app/[id]/page.tsx`', 'app/[id]/page.tsx'],
    ['.gitignore', '.gitignore'],
  ])('%s', (line, path) => {
    expect(parseFiles(`${line}\n${block('', 'x')}`)).toEqual(one(path, 'x\n'));
  });

  test('wherever it leads: whoever writes it decides', () => {
    for (const path of ['/etc/passwd', '../x.js', '.git/config'])
      expect(parseFiles(block(`js path=${path}`, 'x'))).toEqual(one(path, 'x\n'));
  });
});

describe('no file is made of', () => {
  test.each([
    ['a command', block('sh', 'npm test')],
    ['a fragment after a sentence', `Change \`src/a.js\` as follows:\n${block('js', 'x')}`],
    ['a product’s name', `### Node.js\n${block('sh', 'npm i')}`],
    ['a media type', block('application/json', '{}')],
    ['an address', `https://example.com/a.js\n${block('', 'x')}`],
    ['an interpreter line', block('sh', '#!/bin/sh', 'true')],
    ['prose', 'I would change src/a.js.'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(parseFiles(text)).toEqual({
      ok: false,
      problem: expect.stringContaining('The answer holds no file; give each file whole'),
    });
  });
});

describe('the content of a file', () => {
  test('is what stands between the fences, blank lines and indentation too', () => {
    expect(parseFiles(block('py path=a.py', '', '  x', '', ''))).toEqual(one('a.py', '\n  x\n\n\n'));
    expect(parseFiles(block('py path=a/__init__.py'))).toEqual(one('a/__init__.py', ''));
  });

  test('may hold fences, within a longer one', () => {
    const text = '````md path=README.md\n# A\n\n```sh\nls\n```\n\n```\nplain\n```\n````';
    expect(parseFiles(text)).toEqual(one('README.md', '# A\n\n```sh\nls\n```\n\n```\nplain\n```\n'));
  });

  test('may, in Markdown, hold fences with a language even within one that is no longer', () => {
    const text = '```md path=README.md\n# A\n\n```sh\nls\n```\nend\n```';
    expect(parseFiles(text)).toEqual(one('README.md', '# A\n\n```sh\nls\n```\nend\n'));
  });

  test('keeps a comment with its path where the path was said before', () => {
    expect(parseFiles(block('js path=src/a.js', '// src/a.js', 'x'))).toEqual(
      one('src/a.js', '// src/a.js\nx\n'),
    );
  });

  test.each([
    '// ... existing code ...',
    '# … rest of the file',
    '  /* ... unchanged ... */',
    '... existing code ...',
    '… the rest is left out',
    '// rest of the code stays as before',
  ])('that leaves something out is refused: %s', (line) => {
    expect(parseFiles(block('js path=a.js', 'x', line, 'y'))).toEqual({
      ok: false,
      problem: expect.stringContaining('a.js leaves something out at'),
    });
  });

  test.each([
    '  ...existing,',
    'const { a, ...rest } = b;',
    '  ...rest,',
    '# Remaining items are loaded lazily...',
    'def f(): ...',
    '    ...',
  ])('that only looks like it is taken: %s', (line) => {
    expect(parseFiles(block('js path=a.js', line))).toEqual(one('a.js', `${line}\n`));
  });

  test('comes back from the form in which prompts show files', () => {
    const path = fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,3}\.[a-z]{1,4}$/);
    const line = fc.oneof(fc.constantFrom('```', '````', '```js', '~~~', '# a', '', '+++ b'), fc.string());
    const content = fc
      .array(line)
      .map((lines) => lines.map((text) => `${text}\n`.replaceAll('\r', '')).join(''));
    const files = fc.uniqueArray(fc.record({ path, content }), {
      minLength: 1,
      maxLength: 4,
      selector: (file) => file.path,
    });
    fc.assert(
      fc.property(files, (given) => {
        fc.pre(!given.some((file) => /\.(diff|patch)$/.test(file.path)));
        // Such a file is a diff by its content, which is how models often give one.
        fc.pre(!given.some((file) => /^\s*(diff --git |--- \S)/.test(file.content)));
        expect(parseFiles(formatFiles(given))).toEqual({ ok: true, files: given, diffs: [], deletions: [] });
      }),
      { numRuns: 500 },
    );
  });
});

describe('an answer is refused as a whole', () => {
  test('when it was cut off: half a file is worse than none', () => {
    const text = `${block('js path=a.js', 'x')}\n\n\`\`\`js path=b.js\nhalf`;
    expect(parseFiles(text)).toEqual({
      ok: false,
      problem: expect.stringContaining('The block that begins at line 5 is never closed'),
    });
  });

  test('when it gives a file twice, with different content', () => {
    const twice = (second: string) => `${block('js path=a.js', 'x')}\n${block('js path=a.js', second)}`;
    expect(parseFiles(twice('y'))).toEqual({
      ok: false,
      problem: expect.stringContaining('a.js is given twice'),
    });
    expect(parseFiles(twice('x'))).toEqual(one('a.js', 'x\n'));
  });
});

describe('a diff', () => {
  const lines = ['--- a/a.js', '+++ b/a.js', '@@ -1 +1 @@', '-x', '+y'];
  const diff = `${lines.join('\n')}\n`;

  test.each([
    ['in a block', block('diff', ...lines)],
    ['in a block that calls it a patch', block('patch', ...lines)],
    ['in a block without a language', block('', ...lines)],
    ['as the answer itself', `I changed one line.\n\n${diff}`],
  ])('is taken %s', (_, text) => {
    expect(parseFiles(text)).toEqual({ ok: true, files: [], diffs: [diff], deletions: [] });
  });

  test('can stand beside whole files', () => {
    expect(parseFiles(`${block('diff', ...lines)}\n${block('js path=b.js', 'z')}`)).toEqual({
      ok: true,
      files: [{ path: 'b.js', content: 'z\n' }],
      diffs: [diff],
      deletions: [],
    });
  });

  test('that does not say what it changes is refused', () => {
    expect(parseFiles(block('diff', '-x', '+y'))).toEqual({
      ok: false,
      problem: expect.stringContaining('The diff at line 1 does not say which file it changes'),
    });
  });

  test('can be the content of a file', () => {
    expect(parseFiles(block('diff path=fixtures/a.patch', ...lines))).toEqual(one('fixtures/a.patch', diff));
  });
});

test('a file is deleted by an empty block that says so', () => {
  expect(parseFiles(block('delete path=src/old.js'))).toEqual({
    ok: true,
    files: [],
    diffs: [],
    deletions: ['src/old.js'],
  });
});
