/** Globs of paths in a project, as the configuration has them. Pure; not for workflows, which load no package. */
import picomatch from 'picomatch';

/** Whether a path, relative to the project's root with forward slashes, is meant. */
export type Matcher = (path: string) => boolean;

/**
 * What a list of globs means: what one of them matches, and none that begins with `!`.
 *
 * @throws for one that is not a glob; see `isGlob`
 */
export function globMatcher(globs: readonly string[]): Matcher {
  const [meant, others] = [globs.filter((glob) => !isExclusion(glob)), globs.filter(isExclusion)];
  const isMeant = meant.map(matcherOf);
  const isOther = others.map((glob) => matcherOf(glob.slice(1)));
  return (path) => isMeant.some((matches) => matches(path)) && !isOther.some((matches) => matches(path));
}

export function isGlob(text: string): boolean {
  try {
    globMatcher([text]);
    return true;
  } catch {
    return false;
  }
}

/** `!src/gen/**`. `!(a|b)` is a word. */
const isExclusion = (glob: string): boolean => /^!(?!\()/.test(glob);

function matcherOf(glob: string): Matcher {
  const plain = glob.replace(/^\.\//, '').replace(/\/$/, '');
  // A plain path means itself and all below it, whatever stands in it.
  if (!hasMagic(plain)) return (path) => path === plain || path.startsWith(`${plain}/`);
  const below = glob.endsWith('/') ? '/**' : '';
  return picomatch(withPlainParentheses(plain) + below, {
    dot: true,
    // `src/**` is what is in `src`, and not a file of that name.
    strictSlashes: true,
    // `[!a]`, as in a shell.
    posix: true,
    // A glob that cannot be read is an error: it would protect nothing.
    debug: true,
  });
}

const hasMagic = (glob: string): boolean => /[*?[{]|[@+!]\(/.test(glob);

/** Folders have names such as `(auth)`: only behind one of `@+!?*` they are a list of words. */
const withPlainParentheses = (glob: string): string =>
  glob.replace(/(?<![@+!?*\\])\(([^()|]*)\)/g, '\\($1\\)');
