import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { refuseConflictMarks } from '../../src/workspace/conflict-marks.js';
import { inTemporaryFolder } from '../support/folders.js';

const folder = inTemporaryFolder();
const hash = '0123456789'.repeat(4);

test.each([`<<<<<<< ${hash}`, '||||||| 0123456', `>>>>>>> ${hash}\r`])(
  'a file with %j is refused',
  async (line) => {
    await writeFile(join(folder(), 'a.txt'), `one\n${line}\ntwo\n`);
    await expect(refuseConflictMarks(folder(), ['a.txt'])).rejects.toThrow(
      '"a.txt" has marks of the conflict still',
    );
  },
);

test('headings and examples are no marks, and a file that is gone has none', async () => {
  await writeFile(join(folder(), 'a.md'), 'Title\n=======\n\n<<<<<<< HEAD\n');
  await refuseConflictMarks(folder(), ['a.md', 'gone.txt']);
});
