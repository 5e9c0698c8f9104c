/** Which files of a project matter to a text: those it names, their tests, what they import, and whose rules hold. */
import { posix } from 'node:path';

/**
 * The files that a text names, in the order in which it names them: by their paths, or by a name with an extension
 * that only one file has.
 *
 * @param paths the files that there are
 */
export function namedFiles(text: string, paths: readonly string[]): string[] {
  const words = new Map<string, number>();
  for (const { 0: word, index } of text.matchAll(/[\w@.+()[\]/-]+/g)) {
    const path = word.replace(/^(?:\.\/|[([])+|[.)\]]+$/g, '');
    for (const form of [word, path]) if (!words.has(form)) words.set(form, index);
  }
  const named = new Map<string, number>();
  for (const path of paths) {
    const at = words.get(path);
    if (at !== undefined) named.set(path, at);
  }
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = posix.basename(path);
    if (words.has(name) && name.includes('.')) byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  for (const [name, [only, ...others]] of byName)
    if (only !== undefined && others.length === 0 && !named.has(only)) named.set(only, words.get(name) ?? 0);
  return [...named].sort(([, a], [, b]) => a - b).map(([path]) => path);
}

/** Test files have their subject's name in them: `a.test.ts`, `a_spec.rb`, `test_a.py`, `ATest.java`. */
const testName = /^(?:(?:test_)(.+)|(.+?)(?:[._-](?:test|spec)|Tests?|Spec))\.\w+$/;

/** The tests of a file, as far as their names say so. */
export function testsOf(path: string, paths: readonly string[]): string[] {
  const name = posix.basename(path);
  const stem = name.slice(0, name.length - posix.extname(name).length);
  const extension = posix.extname(name).slice(0, 3);
  const tests = paths.filter((other) => {
    const [, after, before] = testName.exec(posix.basename(other)) ?? [];
    return (after ?? before) === stem && posix.extname(other).startsWith(extension);
  });
  if (tests.length <= 1) return tests;
  // `index.test.ts` is there many times: its folder must say which one is meant.
  const folder = posix.basename(posix.dirname(path));
  return tests.filter((test) => posix.dirname(test).split('/').includes(folder));
}

const specifier = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"](\.{1,2}\/[^'"\n]+)['"]/g;
const endings = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '/index.ts', '/index.tsx', '/index.js'];
const pythonImport =
  /^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+\(?([\w, \t]+)|import[ \t]+([\w.]+))/gm;

/** The project's own files that a file of JavaScript, TypeScript or Python imports, in its order. */
export function importedFiles(path: string, content: string, paths: ReadonlySet<string>): string[] {
  const found = path.endsWith('.py') ? pythonImports(path, content) : scriptImports(path, content);
  return [...new Set(found)].filter((one) => one !== path && paths.has(one));
}

function scriptImports(path: string, content: string): string[] {
  return [...content.matchAll(specifier)].flatMap(([, target = '']) => {
    const whole = posix.join(posix.dirname(path), target);
    // TypeScript imports `a.ts` as `a.js`.
    const bare = whole.replace(/\.[jm]s$/, '');
    return [
      ...endings.map((ending) => whole + ending),
      ...(bare === whole ? [] : [`${bare}.ts`, `${bare}.tsx`]),
    ];
  });
}

function pythonImports(path: string, content: string): string[] {
  return [...content.matchAll(pythonImport)].flatMap(([, from, names = '', plain]) => {
    const module = from ?? plain ?? '';
    const dots = /^\.*/.exec(module)?.[0].length ?? 0;
    const steps = module
      .slice(dots)
      .split('.')
      .filter((step) => step !== '');
    const folder = dots === 0 ? '' : posix.join(posix.dirname(path), ...Array<string>(dots - 1).fill('..'));
    const base = posix.join(folder, ...steps);
    const inner = names.split(',').map((name) => posix.join(base, name.trim().split(/\s/)[0] ?? ''));
    return [base, ...inner].flatMap((one) => [`${one}.py`, `${one}/__init__.py`]);
  });
}

/** Where projects write down how work is done in them, for people and for models. */
const conventionNames = ['AGENTS.md', 'CLAUDE.md'];

/** The conventions of the folders in which files are, below the root, outermost first. */
export function nearConventions(files: readonly string[], paths: ReadonlySet<string>): string[] {
  const folders = new Set<string>();
  for (const file of files)
    for (let folder = posix.dirname(file); folder !== '.' && folder !== '/'; folder = posix.dirname(folder))
      folders.add(folder);
  return [...folders]
    .sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))
    .flatMap((folder) => conventionNames.map((name) => `${folder}/${name}`))
    .filter((path) => paths.has(path));
}
