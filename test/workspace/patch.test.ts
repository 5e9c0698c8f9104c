import { describe, expect, test } from '@jest/globals';
import { normalPatch } from '../../src/workspace/patch.js';

const change = '@@ -1 +1 @@\n-old\n+new\n';

describe('a diff is written again as git applies it', () => {
  test('without a diff --git line, with wrong counts and stripped blank context', () => {
    const diff = '--- a/src/a.js\n+++ b/src/a.js\n@@ -1,9 +1,9 @@ function\n one\n\n-two\n+2\n three\n';
    expect(normalPatch(diff)).toBe(
      'diff --git "a/src/a.js" "b/src/a.js"\n--- "a/src/a.js"\n+++ "b/src/a.js"\n@@ -1,4 +1,4 @@\n one\n \n-two\n+2\n three\n',
    );
  });

  test('several files in one, with text between them, a line that looks like a header, and a signature', () => {
    const diff = `Subject: x\n\n--- a/one\n+++ b/one\n@@ -1,2 +1 @@\n --- kept\n--- a/two\n\n--- two\t2020-01-01\n+++ two\n${change}-- \n2.39.5\n`;
    const written = normalPatch(diff);
    expect(written.match(/^diff --git .*$/gm)).toEqual([
      'diff --git "a/one" "b/one"',
      'diff --git "a/two" "b/two"',
    ]);
    expect(written).toContain('\n--- a/two\n');
    expect(written).not.toContain('2.39');
  });

  test('made, deleted, renamed and empty files', () => {
    const written = normalPatch(
      `--- /dev/null\n+++ b/made\n@@ -0,0 +1 @@\n+x\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\ndiff --git a/from b/to\nsimilarity index 100%\nrename from from\nrename to to\ndiff --git a/empty b/empty\nnew file mode 100755\nindex 0000000..e69de29\n`,
    );
    expect(written).toContain('new file mode 100644\n--- /dev/null\n+++ "b/made"');
    expect(written).toContain('deleted file mode 100644\n--- "a/gone"\n+++ /dev/null');
    expect(written).toContain('rename from "from"\nrename to "to"\n');
    expect(written).toContain('diff --git "a/empty" "b/empty"\nnew file mode 100755\n');
  });

  test('quoted names', () => {
    expect(normalPatch(`--- "a/\\303\\274 \\"x\\""\n+++ "b/\\303\\274 \\"x\\""\n${change}`)).toContain(
      '"b/ü \\"x\\""',
    );
  });
});

describe('a diff is refused', () => {
  const both = (path: string) => `--- a/${path}\n+++ b/${path}\n${change}`;
  test.each([
    ['that climbs', both('../../x'), 'climbs'],
    ['that climbs without prefixes', `--- ../x\n+++ ../x\n${change}`, 'climbs'],
    ['that is absolute', `--- /etc/passwd\n+++ /etc/passwd\n${change}`, 'absolute'],
    ['that names .git', both('.git/hooks/pre-commit'), 'belongs to git'],
    ['that names .GIT, quoted', `--- "a/.GI\\124/x"\n+++ "b/.GI\\124/x"\n${change}`, 'belongs to git'],
    ['that names .blueprint', `--- /dev/null\n+++ b/.blueprint/x\n@@ -0,0 +1 @@\n+x\n`, 'Blueprint'],
    ['that hides its second name', `--- a/fine\n+++ b/.git/x\n${change}`, 'belongs to git'],
    ['that renames out', 'diff --git a/x b/y\nrename from x\nrename to ../y\n', 'climbs'],
    ['that renames in', 'diff --git a/x b/y\nrename from /etc/passwd\nrename to y\n', 'absolute'],
    ['that copies', 'diff --git a/x b/y\ncopy from x\ncopy to y\n', 'copies'],
    [
      'that makes a symlink',
      `diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc\n`,
      'symbolic link',
    ],
    [
      'that turns a file into a symlink',
      `diff --git a/l b/l\nold mode 100644\nnew mode 120000\n`,
      'symbolic link',
    ],
    [
      'that changes a symlink',
      `diff --git a/l b/l\nindex 1234567..89abcde 120000\n${both('l')}`,
      'symbolic link',
    ],
    [
      'that makes a submodule',
      `diff --git a/s b/s\nnew file mode 160000\n--- /dev/null\n+++ b/s\n@@ -0,0 +1 @@\n+Subproject commit 1\n`,
      'submodule',
    ],
    ['with a mode of its own', 'diff --git a/l b/l\nold mode 100644\nnew mode 104755\n', '104755'],
    ['that is binary', 'diff --git a/x b/x\nindex 1..2\nGIT binary patch\nliteral 1\n', 'binary'],
    ['without line numbers', '--- a/x\n+++ b/x\n@@ function @@\n-a\n+b\n', 'without line numbers'],
    ['without a file', change, 'which file'],
    ['that is prose', 'I have changed the file.', 'changes no file'],
    ['from nothing to nothing', `--- /dev/null\n+++ /dev/null\n${change}`, 'neither'],
  ])('%s', (_, diff, words) => {
    expect(() => normalPatch(diff)).toThrow(expect.objectContaining({ code: 'draft-unusable' }));
    expect(() => normalPatch(diff)).toThrow(words);
  });
});
