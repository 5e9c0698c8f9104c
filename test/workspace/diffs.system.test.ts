/** Every kind of change, both ways that a draft is made: as a text answer, and as edits of the worktree; then integrated. */
import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { draftRef } from '../../src/domain/names.js';
import { type Answer, applyAnswer, snapshot } from '../../src/workspace/draft.js';
import { commitIntegration, mergeDraft } from '../../src/workspace/integrate.js';
import { openFeatureRefs } from '../../src/workspace/repository.js';
import { prepareWorktree, type WorktreeUse } from '../../src/workspace/worktree.js';
import { inTemporaryFolder } from '../support/folders.js';
import { at, checkoutFingerprint, instance, sampleRepository } from '../support/repository.js';

const folder = inTemporaryFolder();
const feature = 'dark-mode';
let project: Awaited<ReturnType<typeof sampleRepository>>;
let root: string;
let base: string;

/** Bytes that are no text: a NUL, a carriage return, an invalid UTF-8 sequence. */
const binary = Buffer.from([0, 1, 13, 10, 0xff, 0xfe, 0]);

beforeEach(async () => {
  project = await sampleRepository(join(folder(), 'project'));
  ({ root } = project);
  await project.write('run.sh', '#!/bin/sh\necho\n');
  await chmod(join(root, 'run.sh'), 0o755);
  await project.write('plain.txt', 'plain\n');
  await project.write('dos.txt', 'one\r\ntwo\r\n');
  await project.write('open.txt', 'no end');
  await project.write('image.bin', binary);
  await project.write('ä ö/漢 字.txt', 'old\n');
  await symlink('plain.txt', join(root, 'link'));
  base = await project.commit();
});

interface Draft {
  /** By a text answer. */
  answer?: Partial<Answer>;
  /** By hand, or by a model's own tools. */
  edit?: (worktree: string) => Promise<unknown>;
}

async function draftOf(
  { answer, edit }: Draft,
  { task = 'T001', use = {} }: { task?: string; use?: WorktreeUse } = {},
) {
  const worktree = await prepareWorktree({ root, instance, feature, task }, base, use);
  if (answer !== undefined) await applyAnswer(worktree, { files: [], diffs: [], ...answer });
  await edit?.(worktree);
  const ref = draftRef(feature, task, 1);
  return snapshot(worktree, { root, ref, parent: base, message: `${task}\n`, at });
}

/** What a commit has, with modes: `100644 path`, and what differs from the base as git names it. */
const changesIn = async (commit: string) =>
  (await project.git('-c', 'core.quotePath=false', 'diff', '--raw', '-M', '--abbrev=4', base, commit))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^:(\d+) (\d+) \S+ \S+ (\w)\d*\t/, '$3 $1>$2 ').replace('\t', ' => '))
    .sort();
const blob = async (commit: string, path: string) =>
  Buffer.from(
    (
      await execa('git', ['cat-file', 'blob', `${commit}:${path}`], {
        cwd: root,
        encoding: 'buffer',
        stripFinalNewline: false,
      })
    ).stdout,
  );

/** On a head that another task has moved meanwhile, so that it is merged. */
async function integrated(draft: string): Promise<string> {
  await openFeatureRefs(root, feature, base);
  const other = await draftOf(
    { answer: { files: [{ path: 'other.txt', content: 'other\n' }] } },
    { task: 'T009' },
  );
  const put = async (task: string, commit: string, head: string) => {
    const merge = await mergeDraft(root, { head, base, draft: commit });
    if (merge.kind !== 'clean') throw new Error(merge.kind);
    return commitIntegration(root, {
      feature,
      task,
      attempt: 1,
      title: task,
      body: '',
      tree: merge.tree,
      head,
      at,
    });
  };
  return put('T001', draft, await put('T009', other.commit, base));
}

const write = (path: string, content: string | Uint8Array) => async (worktree: string) => {
  await mkdir(dirname(join(worktree, path)), { recursive: true });
  await writeFile(join(worktree, path), content);
};

const kinds: [string, Draft & { expected: string[] }][] = [
  [
    'new',
    {
      answer: { files: [{ path: 'a/b.txt', content: 'b\n' }] },
      edit: write('a/b.txt', 'b\n'),
      expected: ['A 000000>100644 a/b.txt'],
    },
  ],
  [
    'changed',
    {
      answer: { files: [{ path: 'plain.txt', content: 'x\n' }] },
      edit: write('plain.txt', 'x\n'),
      expected: ['M 100644>100644 plain.txt'],
    },
  ],
  [
    'deleted',
    {
      answer: { deletions: ['plain.txt'] },
      edit: (worktree) => rm(join(worktree, 'plain.txt')),
      expected: ['D 100644>000000 plain.txt'],
    },
  ],
  [
    'renamed',
    {
      answer: { diffs: ['diff --git a/run.sh b/bin/run.sh\nrename from run.sh\nrename to bin/run.sh\n'] },
      edit: async (worktree) => {
        await mkdir(join(worktree, 'bin'));
        await rename(join(worktree, 'run.sh'), join(worktree, 'bin/run.sh'));
      },
      expected: ['R 100755>100755 run.sh => bin/run.sh'],
    },
  ],
  [
    'of another mode',
    {
      answer: { diffs: ['diff --git a/plain.txt b/plain.txt\nold mode 100644\nnew mode 100755\n'] },
      edit: (worktree) => chmod(join(worktree, 'plain.txt'), 0o755),
      expected: ['M 100644>100755 plain.txt'],
    },
  ],
  [
    'of another case',
    {
      answer: { deletions: ['plain.txt'], files: [{ path: 'PLAIN.txt', content: 'plain\n' }] },
      edit: (worktree) => rename(join(worktree, 'plain.txt'), join(worktree, 'PLAIN.txt')),
      expected: ['R 100644>100644 plain.txt => PLAIN.txt'],
    },
  ],
  [
    'with CRLF',
    {
      answer: { files: [{ path: 'dos.txt', content: 'one\r\n2\r\n' }] },
      edit: write('dos.txt', 'one\r\n2\r\n'),
      expected: ['M 100644>100644 dos.txt'],
    },
  ],
  [
    'without a newline at the end',
    {
      answer: {
        diffs: [
          '--- a/open.txt\n+++ b/open.txt\n@@ -1 +1 @@\n-no end\n\\ No newline at end of file\n+still none\n\\ No newline at end of file\n',
        ],
      },
      edit: write('open.txt', 'still none'),
      expected: ['M 100644>100644 open.txt'],
    },
  ],
  [
    'with spaces and other scripts in the name',
    {
      answer: {
        files: [{ path: 'ä ö/漢 字.txt', content: 'new\n' }],
        diffs: ['--- /dev/null\n+++ "b/\\303\\251 \\"x\\".txt"\n@@ -0,0 +1 @@\n+x\n'],
      },
      edit: async (worktree) => {
        await writeFile(join(worktree, 'ä ö/漢 字.txt'), 'new\n');
        await writeFile(join(worktree, 'é "x".txt'), 'x\n');
      },
      expected: ['A 000000>100644 "é \\"x\\".txt"', 'M 100644>100644 ä ö/漢 字.txt'],
    },
  ],
  [
    'a folder in place of a file',
    {
      answer: { deletions: ['plain.txt'], files: [{ path: 'plain.txt/inner', content: 'x\n' }] },
      edit: async (worktree) => {
        await rm(join(worktree, 'plain.txt'));
        await write('plain.txt/inner', 'x\n')(worktree);
      },
      expected: ['A 000000>100644 plain.txt/inner', 'D 100644>000000 plain.txt'],
    },
  ],
];

describe.each(kinds)('a file that is %s', (_, { answer, edit, expected }) => {
  test.each<[string, Draft]>([
    ['in a text answer', answer === undefined ? {} : { answer }],
    ['in an edited worktree', edit === undefined ? {} : { edit }],
  ])('%s is drafted and integrated as it is', async (_, draft) => {
    const before = await checkoutFingerprint(root);
    const { commit } = await draftOf(draft);
    expect(await changesIn(commit)).toEqual(expected);
    expect((await changesIn(await integrated(commit))).filter((line) => !line.includes('other.txt'))).toEqual(
      expected,
    );
    expect(await checkoutFingerprint(root)).toEqual(before);
  });
});

describe('what only an edited worktree can have', () => {
  test('binary files are taken byte for byte', async () => {
    const content = Buffer.concat([binary, binary]);
    const { commit } = await draftOf({ edit: write('image.bin', content) });
    expect(await blob(await integrated(commit), 'image.bin')).toEqual(content);
  });

  test.each<[string, (worktree: string) => Promise<unknown>]>([
    ['a new symbolic link', (worktree) => symlink('/etc/passwd', join(worktree, 'new-link'))],
    [
      'a changed one',
      async (worktree) => {
        await rm(join(worktree, 'link'));
        await symlink('run.sh', join(worktree, 'link'));
      },
    ],
    [
      'a link in place of a file',
      async (worktree) => {
        await rm(join(worktree, 'plain.txt'));
        await symlink('run.sh', join(worktree, 'plain.txt'));
      },
    ],
    [
      'a repository inside',
      (worktree) =>
        execa('git', ['init', '-q', join(worktree, 'inner')]).then(() =>
          execa(
            'git',
            ['-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '-q', '--allow-empty', '-m', 'x'],
            { cwd: join(worktree, 'inner') },
          ),
        ),
    ],
  ])('%s is refused', async (_, edit) => {
    await expect(draftOf({ edit })).rejects.toThrow(/symbolic link|repository of its own/);
  });

  test('a link that stays where it was is nobody’s change, nor is a submodule that is not filled', async () => {
    const inner = await sampleRepository(join(folder(), 'inner'));
    await project.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'lib');
    base = await project.commit();
    const { commit, files } = await draftOf({ edit: write('plain.txt', 'x\n') });
    expect(files).toEqual(['plain.txt']);
    expect(await project.git('ls-tree', commit, 'lib', 'link')).toMatch(
      /160000 commit .*\tlib\n120000 blob .*\tlink/,
    );
    expect(await project.git('ls-tree', await integrated(commit), 'lib')).toContain('160000 commit');
  });

  test('touched are the files that were there: changed, deleted, renamed; and not what is new beside them', async () => {
    const { files, touched } = await draftOf({
      edit: async (worktree) => {
        await write('plain.txt', 'x')(worktree);
        await rename(join(worktree, 'run.sh'), join(worktree, 'renamed.sh'));
        await rm(join(worktree, 'open.txt'));
      },
    });
    expect(files.sort()).toEqual(['open.txt', 'plain.txt', 'renamed.sh', 'run.sh']);
    expect(touched.sort()).toEqual(['open.txt', 'plain.txt', 'run.sh']);
  });
});

describe('the project’s own .gitattributes', () => {
  test('line ends are kept as they say, whatever the draft is written with', async () => {
    await project.write('.gitattributes', '*.bat text eol=crlf\n*.sh text eol=lf\n');
    await project.write('a.bat', 'one\r\n');
    base = await project.commit();
    const { commit } = await draftOf({
      answer: { files: [{ path: 'a.bat', content: 'two\n' }] },
      edit: async (worktree) => {
        // As a checkout has it.
        expect(await readFile(join(worktree, 'a.bat'), 'utf8')).toBe('two\r\n');
        await write('b.sh', '#!/bin/sh\r\n')(worktree);
      },
    });
    expect((await blob(commit, 'a.bat')).toString()).toBe('two\n');
    expect((await blob(commit, 'b.sh')).toString()).toBe('#!/bin/sh\n');
  });

  test('a filter such as that of LFS is asked both ways: the worktree has the content, the commit the pointer', async () => {
    await project.git('config', 'filter.store.clean', 'sed "s/^content /pointer /"');
    await project.git('config', 'filter.store.smudge', 'sed "s/^pointer /content /"');
    await project.git('config', 'filter.store.required', 'true');
    await project.write('.gitattributes', '*.big filter=store -text\n');
    await project.write('a.big', 'content a\n');
    base = await project.commit();
    expect((await blob(base, 'a.big')).toString()).toBe('pointer a\n');
    const seen: string[] = [];
    const { commit, files } = await draftOf({
      answer: { files: [{ path: 'b.big', content: 'content b\n' }] },
      edit: async (worktree) => {
        for (const name of ['a.big', 'b.big']) seen.push(await readFile(join(worktree, name), 'utf8'));
        await write('c.big', 'content c\n')(worktree);
      },
    });
    expect(seen).toEqual(['content a\n', 'content b\n']);
    expect(files.sort()).toEqual(['b.big', 'c.big']);
    expect((await blob(commit, 'b.big')).toString()).toBe('pointer b\n');
    expect((await blob(await integrated(commit), 'c.big')).toString()).toBe('pointer c\n');
  });

  test('a filter that is required and missing is an error that names the file', async () => {
    await project.write('.gitattributes', '*.big filter=absent\n');
    await project.write('a.big', 'a\n');
    base = await project.commit();
    await project.git('config', 'filter.absent.smudge', 'false');
    await project.git('config', 'filter.absent.required', 'true');
    await expect(draftOf({ edit: write('plain.txt', 'x') })).rejects.toThrow('a.big');
  });
});

test('hooks of the person’s are not run, by drafts nor by the integration', async () => {
  for (const hook of [
    'pre-commit',
    'post-checkout',
    'post-commit',
    'reference-transaction',
    'post-index-change',
  ])
    await writeFile(
      join(root, '.git/hooks', hook),
      `#!/bin/sh\necho ${hook} >>'${folder()}/hooks'\nexit 1\n`,
      {
        mode: 0o755,
      },
    );
  const { commit } = await draftOf({ answer: { files: [{ path: 'a.txt', content: 'a\n' }] } });
  await integrated(commit);
  await expect(readFile(join(folder(), 'hooks'))).rejects.toThrow('ENOENT');
});

describe('files brought from the checkout', () => {
  const use = { bring: { share: ['node_modules'] } };
  beforeEach(async () => {
    await project.write('.worktreeinclude', '.env\nconfig/*.local\nplain.txt\n');
    await project.write('.gitignore', 'node_modules/\n.env\n*.local\n');
    base = await project.commit();
    await project.write('.env', 'KEY=1\n');
    await project.write('config/x.local', 'local\n');
    await project.write('config/y.other', 'other\n');
    await project.write('node_modules/dep/index.js', 'dep\n');
    await symlink('dep', join(root, 'node_modules/alias'));
    await symlink(join(root, 'src'), join(root, 'node_modules/own'));
  });

  test('are those that are named and ignored; links into the checkout stay behind', async () => {
    const worktree = await prepareWorktree({ root, instance, feature, task: 'T001' }, base, use);
    const read = (path: string) => readFile(join(worktree, path), 'utf8');
    expect(await read('.env')).toBe('KEY=1\n');
    expect(await read('config/x.local')).toBe('local\n');
    expect(await read('node_modules/alias/index.js')).toBe('dep\n');
    for (const path of ['config/y.other', 'node_modules/own/a.js'])
      await expect(read(path)).rejects.toThrow('ENOENT');
  });

  test('are never committed, not even by a draft that stops ignoring them', async () => {
    const { files } = await draftOf({ edit: write('.gitignore', '') }, { use });
    expect(files).toEqual(['.gitignore']);
  });

  test('replace nothing that the commit has', async () => {
    await project.git('add', '--force', '.env');
    await project.write('.env', 'committed\n');
    await project.git('add', '--force', '.env');
    const tracked = await project.commit();
    await project.git('rm', '--quiet', '--cached', '.env');
    await project.write('.env', 'own\n');
    base = tracked;
    const { files } = await draftOf(
      {
        edit: async (worktree) => {
          expect(await readFile(join(worktree, '.env'), 'utf8')).toBe('committed\n');
          await write('.env', 'drafted\n')(worktree);
        },
      },
      { use },
    );
    expect(files).toEqual(['.env']);
  });
});
