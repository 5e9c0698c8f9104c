/**
 * Unified diffs as models write them: without `diff --git` lines, with wrong line counts, with blank context lines
 * stripped. They are read here and written again as git wants them, so that the paths which are checked are the
 * paths which git is given.
 */
import { Problem } from '../domain/problem.js';
import { draftPath } from './paths.js';

interface Hunk {
  oldStart: number;
  newStart: number;
  /** With their first character: space, plus, minus, backslash. */
  lines: string[];
}

interface FilePatch {
  /** Undefined where the file is made. */
  from: string | undefined;
  /** Undefined where the file is deleted. */
  to: string | undefined;
  renamed: boolean;
  /** Undefined where the diff does not say. */
  executable: boolean | undefined;
  hunks: Hunk[];
}

const hunkHeader = /^@@+ -(\d+)(?:,(\d+))? \+(\d+)(?:,\d+)? @@/;

/**
 * Reads a diff, checks every path in it, and writes it as git applies it.
 *
 * @returns the diff for `git apply -p1`
 * @throws Problem (draft-unusable) for a path that a draft may not touch, a symbolic link, a submodule, a binary patch, and what
 *   is no diff at all
 */
export function normalPatch(diff: string): string {
  const patches = parse(diff);
  if (patches.length === 0) throw new Problem('draft-unusable', 'A diff in the draft changes no file.');
  return patches.map(render).join('');
}

function parse(diff: string): FilePatch[] {
  const lines = diff.replace(/\n$/, '').split('\n');
  const patches: FilePatch[] = [];
  let headers: string[] = [];
  let at = 0;
  const close = () => {
    const patch = readHeaders(headers);
    if (patch !== undefined) patches.push(patch);
    headers = [];
  };
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (line.startsWith('@@')) {
      close();
      const patch = patches.at(-1);
      if (patch === undefined)
        throw new Problem('draft-unusable', 'A diff in the draft does not say which file it changes.');
      const hunk = readHunk(lines, at);
      patch.hunks.push(hunk.hunk);
      at = hunk.next;
      continue;
    }
    if (
      line.startsWith('diff ') ||
      (line.startsWith('--- ') && headers.some((header) => header.startsWith('--- ')))
    )
      close();
    headers.push(stripReturn(line));
    at++;
  }
  close();
  return patches;
}

const stripReturn = (line: string): string => line.replace(/\r$/, '');

function readHunk(lines: readonly string[], start: number): { hunk: Hunk; next: number } {
  const header = hunkHeader.exec(lines[start] ?? '');
  if (header === null)
    throw new Problem(
      'draft-unusable',
      `A diff in the draft has a hunk without line numbers: ${(lines[start] ?? '').slice(0, 100)}`,
    );
  const announced = header[2] === undefined ? 1 : Number(header[2]);
  const body: string[] = [];
  let at = start + 1;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (!/^[ +\-\\]/.test(line) && stripReturn(line) !== '') break;
    if (beginsFile(lines, at) || isSignature(lines, at)) break;
    // Editors and models strip the space of an empty context line.
    body.push(/^[ +\-\\]/.test(line) ? line : ` ${line}`);
  }
  // Blank lines that follow the diff are no context when the hunk is complete without them.
  while (oldLines(body) > announced && stripReturn(body.at(-1) ?? '') === ' ') body.pop();
  // Nothing would say where it goes but a number, and git puts such a hunk at the end of the file.
  if (oldLines(body) === 0 && Number(header[1]) > 0)
    throw new Problem(
      'draft-unusable',
      'A diff in the draft has a hunk without any line of the old file; give it some context.',
    );
  return { hunk: { oldStart: Number(header[1]), newStart: Number(header[3]), lines: body }, next: at };
}

/** A deleted line may look like `--- x`; only a header is followed by `+++` and a hunk. */
const beginsFile = (lines: readonly string[], at: number): boolean =>
  (lines[at] ?? '').startsWith('--- ') &&
  (lines[at + 1] ?? '').startsWith('+++ ') &&
  (lines[at + 2] ?? '').startsWith('@@ ');

/** `git format-patch` ends with `-- ` and git's version. */
const isSignature = (lines: readonly string[], at: number): boolean =>
  stripReturn(lines[at] ?? '') === '-- ' && /^\d+\.\d+/.test(lines[at + 1] ?? '');

const oldLines = (body: readonly string[]): number => body.filter((line) => /^[ -]/.test(line)).length;
const newLines = (body: readonly string[]): number => body.filter((line) => /^[ +]/.test(line)).length;

function readHeaders(headers: readonly string[]): FilePatch | undefined {
  const value = (prefix: string) => headers.find((header) => header.startsWith(prefix))?.slice(prefix.length);
  const binary = headers.find((header) => /^(GIT binary patch|Binary files )/.test(header));
  if (binary !== undefined)
    throw new Problem('draft-unusable', 'A diff in the draft is binary; only text can be taken.');
  if (value('copy from ') !== undefined)
    throw new Problem('draft-unusable', 'A diff in the draft copies a file; give the copy as a whole file.');

  const modes = ['new file mode ', 'deleted file mode ', 'old mode ', 'new mode '].map(value);
  const indexMode = /^index \S+ (\d+)$/.exec(
    headers.find((header) => header.startsWith('index ')) ?? '',
  )?.[1];
  for (const mode of [...modes, indexMode]) refuseMode(mode);

  const names = namesIn(headers, value);
  if (names === undefined) return undefined;
  const made = modes[0] !== undefined || names.from === undefined;
  const deleted = modes[1] !== undefined || names.to === undefined;
  const from = made || names.from === undefined ? undefined : draftPath(names.from);
  const to = deleted || names.to === undefined ? undefined : draftPath(names.to);
  if (from === undefined && to === undefined)
    throw new Problem('draft-unusable', 'A diff in the draft neither makes, changes nor deletes a file.');
  const newMode = modes[0] ?? modes[3];
  return {
    from,
    to,
    renamed: from !== undefined && to !== undefined && from !== to,
    executable: newMode === undefined ? undefined : newMode === '100755',
    hunks: [],
  };
}

/** Modes of git's tree objects: 120000 is a symbolic link, 160000 a submodule. */
function refuseMode(mode: string | undefined): void {
  if (mode === undefined || /^100(644|755)$/.test(mode)) return;
  if (mode === '120000')
    throw new Problem('draft-unusable', 'A diff in the draft makes or changes a symbolic link.');
  if (mode === '160000')
    throw new Problem('draft-unusable', 'A diff in the draft makes or changes a submodule.');
  throw new Problem(
    'draft-unusable',
    `A diff in the draft has the file mode ${mode}; only 100644 and 100755 are allowed.`,
  );
}

/** Both names, without the prefixes `a/` and `b/` where the diff has them; undefined where there is no diff here. */
function namesIn(
  headers: readonly string[],
  value: (prefix: string) => string | undefined,
): { from: string | undefined; to: string | undefined } | undefined {
  const minus = value('--- ');
  const plus = value('+++ ');
  const renameFrom = value('rename from ');
  const renameTo = value('rename to ');
  if (renameFrom !== undefined && renameTo !== undefined)
    return { from: unquote(renameFrom), to: unquote(renameTo) };
  if (minus !== undefined && plus !== undefined) return withoutPrefixes(fileName(minus), fileName(plus));
  // Only `diff --git` names an empty file that is made or deleted, or a changed mode; both names are the same then.
  const git = headers.find((header) => header.startsWith('diff --git '))?.slice('diff --git '.length);
  if (git === undefined) return undefined;
  const twice = /^a\/(.+) b\/\1$/.exec(git)?.[1] ?? /^"a\/(.+)" "b\/\1"$/.exec(git)?.[1];
  if (twice === undefined)
    throw new Problem('draft-unusable', `A diff in the draft names no file: diff --git ${git.slice(0, 200)}`);
  const name = git.startsWith('"') ? unquote(`"${twice}"`) : twice;
  return { from: name, to: name };
}

/** The name in a `---` or `+++` line, less the time that may follow a tab. */
function fileName(text: string): string | undefined {
  const name = unquote(text.startsWith('"') ? text.replace(/\t.*$/, '') : (text.split('\t')[0] ?? ''));
  return name === '/dev/null' ? undefined : name;
}

function withoutPrefixes(from: string | undefined, to: string | undefined) {
  const prefixed = (from === undefined || from.startsWith('a/')) && (to === undefined || to.startsWith('b/'));
  const strip = (name: string | undefined) => (prefixed ? name?.slice(2) : name);
  return { from: strip(from), to: strip(to) };
}

const escapes: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** Undoes git's quoting of unusual names: C escapes, and octal for each byte. */
function unquote(name: string): string {
  const quoted = /^"(.*)"$/s.exec(name.trimEnd())?.[1];
  if (quoted === undefined) return name;
  const parts = quoted.match(/\\[0-7]{3}|\\.|[^\\]+/gs) ?? [];
  const bytes = parts.map((part) => {
    if (!part.startsWith('\\')) return Buffer.from(part);
    const rest = part.slice(1);
    return Buffer.from([
      /^[0-7]{3}$/.test(rest) ? Number.parseInt(rest, 8) : (escapes[rest] ?? rest.charCodeAt(0)),
    ]);
  });
  return Buffer.concat(bytes).toString('utf8');
}

/** Always quoted. A draft's path holds no control character, so only these two need an escape. */
const quote = (name: string): string => `"${name.replace(/["\\]/g, '\\$&')}"`;

function render(patch: FilePatch): string {
  const { from, to, executable } = patch;
  const mode = executable ? '100755' : '100644';
  const name = from ?? to ?? '';
  const lines = [`diff --git ${quote(`a/${name}`)} ${quote(`b/${to ?? name}`)}`];
  if (from === undefined) lines.push(`new file mode ${mode}`);
  else if (to === undefined) lines.push('deleted file mode 100644');
  else if (executable !== undefined)
    lines.push(`old mode ${executable ? '100644' : '100755'}`, `new mode ${mode}`);
  if (patch.renamed && from !== undefined && to !== undefined)
    lines.push(`rename from ${quote(from)}`, `rename to ${quote(to)}`);
  if (patch.hunks.length > 0) {
    lines.push(`--- ${from === undefined ? '/dev/null' : quote(`a/${from}`)}`);
    lines.push(`+++ ${to === undefined ? '/dev/null' : quote(`b/${to}`)}`);
  }
  for (const hunk of patch.hunks) {
    const counts = `-${hunk.oldStart},${oldLines(hunk.lines)} +${hunk.newStart},${newLines(hunk.lines)}`;
    lines.push(`@@ ${counts} @@`, ...hunk.lines);
  }
  return `${lines.join('\n')}\n`;
}
