import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { readBrief } from '../../src/feature/input.js';
import { temporaryFolders } from '../support/folders.js';

const run = promisify(execFile);
const folder = temporaryFolders();

const piped = (...chunks: Uint8Array[]) => readBrief({ kind: 'stream', stream: Readable.from(chunks) });

async function fileOf(content: string | Uint8Array): Promise<string> {
  const path = join(await folder(), 'brief.md');
  await writeFile(path, content);
  return path;
}

describe('a brief is taken', () => {
  test('from a file, as text, and from a pipe', async () => {
    const path = await fileOf('Add a flag.\n');
    expect(await readBrief({ kind: 'file', path })).toBe('Add a flag.\n');
    expect(await readBrief({ kind: 'text', text: 'Add a flag.' })).toBe('Add a flag.');
    const bytes = Buffer.from('Größer');
    expect(await piped(bytes.subarray(0, 3), bytes.subarray(3))).toBe('Größer');
  });

  test('from a named pipe, as of <(…) in a shell', async () => {
    const path = join(await folder(), 'pipe');
    await run('mkfifo', [path]);
    const [text] = await Promise.all([readBrief({ kind: 'file', path }), writeFile(path, 'Add a flag.')]);
    expect(text).toBe('Add a flag.');
  });

  test('without the byte order mark that some editors write', async () => {
    expect(await piped(Buffer.from('\uFEFFAdd a flag.'))).toBe('Add a flag.');
  });
});

describe('a brief is refused in one sentence', () => {
  test.each([
    ['empty', Buffer.from(''), 'is empty; say what is to be built.'],
    ['only a byte order mark', Buffer.from('\uFEFF'), 'is empty'],
    ['only spaces', Buffer.from(' \n\t \u00a0\n'), 'holds nothing but spaces'],
    ['binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1]), 'is binary, not text'],
    ['UTF-16', Buffer.from('Add a flag.', 'utf16le'), 'is binary, not text'],
    ['invalid UTF-8', Buffer.from([0x41, 0xff, 0xfe, 0x42]), 'is not valid UTF-8'],
    ['cut in the middle of a letter', Buffer.from('Größe').subarray(0, 3), 'is not valid UTF-8'],
    ['20 MB', Buffer.alloc(20_000_000, 'a'), '20.0 MB long; at most 1.0 MB are taken'],
  ])('when it is %s', async (_, bytes, words) => {
    const path = await fileOf(bytes);
    await expect(readBrief({ kind: 'file', path })).rejects.toThrow(`The brief ${path}`);
    await expect(readBrief({ kind: 'file', path })).rejects.toThrow(words);
  });

  test('when a pipe never ends', async () => {
    let given = 0;
    async function* endless() {
      for (;;) {
        given++;
        yield Buffer.alloc(100_000, 'a');
      }
    }
    const reading = readBrief({ kind: 'stream', stream: endless() });
    await expect(reading).rejects.toThrow('The brief is more than 1.0 MB long');
    expect(given).toBeLessThan(20);
  });

  test('when the file is missing, a folder, or below a file', async () => {
    const root = await folder();
    const missing = join(root, 'nothing.md');
    await expect(readBrief({ kind: 'file', path: missing })).rejects.toThrow(
      `The brief ${missing} does not exist.`,
    );
    await expect(readBrief({ kind: 'file', path: root }, 'specification')).rejects.toThrow(
      `The specification ${root} is a folder; name a file.`,
    );
    const below = join(await fileOf('x'), 'y');
    await expect(readBrief({ kind: 'file', path: below })).rejects.toThrow('does not exist');
  });

  test('when it may not be read', async () => {
    const root = await folder();
    const closed = join(root, 'closed');
    await mkdir(closed);
    await writeFile(join(closed, 'brief.md'), 'Add a flag.');
    await chmod(join(closed, 'brief.md'), 0);
    await chmod(closed, 0);
    // Root may read everything: as root, this is asked as the user nobody.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      await expect(readBrief({ kind: 'file', path: join(closed, 'brief.md') })).rejects.toThrow(
        'cannot be read: permission denied.',
      );
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(closed, 0o700);
    }
  });
});
