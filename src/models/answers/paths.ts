/** The path that a fenced block belongs to, in the ways in which models say it. */
import type { FencedBlock } from './fences.js';

export interface PathedBlock {
  path: string;
  /** Without a first line that said the path. */
  lines: string[];
}

/** A block's path: from its info, else the line before it, else a comment in its first line; or undefined. */
export function pathOf(block: FencedBlock): PathedBlock | undefined {
  const outside = pathInInfo(block.info) ?? pathInLine(block.before);
  if (outside !== undefined) return { path: outside, lines: block.lines };
  const inside = pathInComment(block.lines[0] ?? '');
  return inside === undefined ? undefined : { path: inside, lines: block.lines.slice(1) };
}

const attribute = /\b(?:path|file|filename|title)\s*[=:]\s*(?:"([^"]+)"|'([^']+)'|([^\s"'{},]+))/i;

/** `js path=src/a.js`, `js title="src/a b.js"`, `js:src/a.js`, `js src/a.js`, `src/a.js`. */
function pathInInfo(info: string): string | undefined {
  const named = attribute.exec(info);
  const value = named?.[1] ?? named?.[2] ?? named?.[3];
  if (value !== undefined) return plain(value);
  const words = info.replace(/^[A-Za-z0-9+#-]+:(?=\S)/, '').split(/\s+/);
  const last = words.length <= 2 ? words.at(-1) : undefined;
  // An extension is asked for: without one it may be a media type.
  return last !== undefined && looksLikePath(last) && hasExtension(last) ? plain(last) : undefined;
}

/**
 * A line that holds a path and nothing else: a heading, a list item, bold, code, `File: …`, with a colon after it.
 * A sentence with a path in it does not count, since what follows it may be a fragment.
 */
function pathInLine(line: string): string | undefined {
  const bare = line
    .trim()
    .replace(/^(?:#{1,6}|[-*+]|\d+[.)])\s+/, '')
    .replace(/[*_]{2}/g, '')
    .replace(/^(?:file|path|filename)\s*:\s*/i, '')
    .replace(/\s*\((?:new|new file|updated|changed|modified|created)\)/i, '')
    .replace(/\s*:\s*$/, '')
    .trim();
  const code = /^`([^`]+)`$/.exec(bare)?.[1]?.trim();
  // In code marks, a name without a dot or slash is a path too: Makefile, LICENSE.
  if (code !== undefined)
    return /^[\w.@+()[\]/-]+$/.test(code) || looksLikePath(code) ? plain(code) : undefined;
  return looksLikePath(bare) ? plain(bare) : undefined;
}

/** `// src/a.js`, `# src/a.py`, `<!-- index.html -->`, `-- a.sql`, alone in the first line. */
function pathInComment(line: string): string | undefined {
  const match =
    /^\s*(?:\/\/|#|--|;|\/\*|<!--)\s+(?:(?:file|path|filename)\s*:\s*)?(\S+?)\s*(?:\*\/|-->)?\s*$/i.exec(
      line,
    );
  const path = match?.[1];
  return path !== undefined && looksLikePath(path) && hasExtension(path) ? plain(path) : undefined;
}

const hasExtension = (path: string): boolean => /\.[A-Za-z][\w-]*$/.test(path);

/** Names of products that look like files: headings above commands, mostly. */
const products = /^(?:Node|Next|Nuxt|Vue|Three|Express|React|Deno|ASP|VB)\.(?:js|NET)$/;

/** One word with a slash or an extension that begins with a letter, and no address: `src/a.js`, `.gitignore`. */
const looksLikePath = (word: string): boolean =>
  /^[^\s`"'<>|*?:;,={}]+$/.test(word) &&
  (/[^/]\/[^/]/.test(word) || /^\/[^/]/.test(word) || hasExtension(word)) &&
  !products.test(word);

const plain = (path: string): string => path.trim().replace(/^(?:\.\/)+/, '');
