/** Globs of paths in a project, as the configuration has them. Pure. */

/**
 * Whether a path is meant by a glob. `*` and `?` stay within a name, `**` stands for any number of folders, `[a-z]` for
 * one character of those, `{a,b}` for one of the words. A plain path means itself and all below it.
 *
 * @param path relative to the project's root, with forward slashes
 */
export function matchesGlob(path: string, glob: string): boolean {
  const plain = glob.replace(/^\.\//, '');
  const below = isPlain(plain) || plain.endsWith('/') ? '(?:/.*)?' : '';
  return new RegExp(`^${patternOf(plain.replace(/\/$/, ''))}${below}$`, 's').test(path);
}

export const matchesAny = (path: string, globs: readonly string[]): boolean =>
  globs.some((glob) => matchesGlob(path, glob));

const isPlain = (glob: string): boolean => !/[*?[{]/.test(glob);

/** In this order: what is longer is read first, and what is none of these stands for itself. */
const parts = /\*\*\/|\/\*\*$|\*+|\?|\[[!^]?[^\]/]+\]|\{[^{}]*\}|[\s\S]/g;

function patternOf(glob: string): string {
  return (glob.match(parts) ?? []).map(partPattern).join('');
}

function partPattern(part: string): string {
  if (part === '**/') return '(?:[^/]+/)*';
  if (part === '/**') return '/.+';
  if (part === '**') return '.*';
  if (/^\*+$/.test(part)) return '[^/]*';
  if (part === '?') return '[^/]';
  const set = /^\[([!^]?)(.+)\]$/s.exec(part);
  if (set !== null) return `(?!/)[${set[1] === '' ? '' : '^'}${(set[2] ?? '').replace(/[\\[\]^]/g, '\\$&')}]`;
  if (/^\{.*\}$/s.test(part)) return `(?:${part.slice(1, -1).split(',').map(patternOf).join('|')})`;
  return part.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
}
