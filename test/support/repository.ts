/** Real repositories, and what in them is the person's. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';

export interface TestRepository {
  root: string;
  /** As a person runs it: with the home's configuration. */
  git(...args: string[]): Promise<string>;
  write(path: string, content: string | Uint8Array): Promise<void>;
  /** Commits everything and returns the commit. */
  commit(message?: string): Promise<string>;
}

export const instance = 'a1b2c3d4';
/** Some moment, in ms. */
export const at = 1_700_000_000_000;

/** A repository without commits. */
export async function makeRepository(root: string): Promise<TestRepository> {
  await mkdir(root, { recursive: true });
  const git = async (...args: string[]) => {
    const identity = ['-c', 'user.name=Person', '-c', 'user.email=person@example.com'];
    return (await execa('git', [...identity, ...args], { cwd: root })).stdout;
  };
  await git('init', '--quiet', '--initial-branch=main');
  return {
    root,
    git,
    async write(path, content) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    async commit(message = 'Work') {
      await git('add', '--all');
      await git(
        '-c',
        'commit.gpgSign=false',
        'commit',
        '--quiet',
        '--no-verify',
        '--allow-empty',
        '-m',
        message,
      );
      return git('rev-parse', 'HEAD');
    },
  };
}

/** One with a commit of these files. */
export async function committedRepository(
  root: string,
  files: Readonly<Record<string, string>>,
): Promise<TestRepository & { base: string }> {
  const repository = await makeRepository(root);
  for (const [path, content] of Object.entries(files)) await repository.write(path, content);
  return { ...repository, base: await repository.commit('Begin') };
}

/** One with a commit of a few files. */
export const sampleRepository = (root: string): Promise<TestRepository & { base: string }> =>
  committedRepository(root, {
    'README.md': '# Project\n',
    'src/a.js': 'export const a = 1;\n\nexport const b = 2;\n\nexport const c = 3;\n',
    '.gitignore': 'node_modules/\n*.log\n.env\n',
  });

/** Everything in a folder, by path, with its content's hash. */
export async function fingerprint(
  folder: string,
  skip: (path: string) => boolean = () => false,
): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const shown = path.slice(folder.length + 1);
    if (entry.isDirectory() || skip(shown)) return [];
    const content = entry.isSymbolicLink() ? await readlink(path) : await readFile(path);
    return [`${shown} ${createHash('sha256').update(content).digest('hex')}`];
  });
  return (await Promise.all(lines)).flat().sort();
}

/**
 * What is the person's: the checkout's files but those in `.blueprint/`, the index, HEAD, the configuration, and all
 * refs but Blueprint's.
 */
export const checkoutFingerprint = (root: string): Promise<string[]> =>
  fingerprint(
    root,
    (path) =>
      /^(\.blueprint|\.git\/(objects|worktrees))\//.test(path) ||
      /^\.git\/(logs\/)?refs\/(heads\/)?blueprint\//.test(path),
  );
