/** The files and diffs of a draft in a model's answer. */
import { type FencedBlock, fencedBlocks, isMarkdown } from './fences.js';
import { pathOf } from './paths.js';

export interface AnswerFile {
  /** As the model wrote it: whoever writes files checks where it leads. */
  path: string;
  content: string;
}

export type ParsedFiles =
  | { ok: true; files: AnswerFile[]; diffs: string[]; deletions: string[] }
  | { ok: false; problem: string };

const howTo =
  'give each file whole, in a fenced block that begins with ```language path=the/path and ends with ```';

/**
 * Reads the files of an answer: fenced blocks with their paths, whole, and unified diffs. Line ends become `\n`.
 * Blocks without a path, such as a command to run, are no files.
 *
 * @returns the files, or a sentence for the model that is asked again and for a person: nothing found, a block
 *   that is not closed, a file given twice, a file with parts left out
 */
export function parseFiles(text: string): ParsedFiles {
  const { blocks, unclosed, prose } = fencedBlocks(text);
  if (unclosed !== undefined)
    return {
      ok: false,
      problem: `The block that begins at line ${unclosed} is never closed: the answer was cut off, or ${howTo}.`,
    };
  const found = collect(blocks);
  if (typeof found === 'string') return { ok: false, problem: found };
  const bare = blocks.length === 0 ? bareDiff(prose) : undefined;
  const diffs = bare === undefined ? found.diffs : [bare];
  if (found.files.length + diffs.length + found.deletions.length > 0) return { ok: true, ...found, diffs };
  const [only] = blocks;
  // The whole answer in one block of Markdown.
  if (only !== undefined && blocks.length === 1 && isMarkdown(only.info) && only.lines.length > 0)
    return parseFiles(only.lines.join('\n'));
  return { ok: false, problem: `The answer holds no file; ${howTo}.` };
}

function collect(blocks: readonly FencedBlock[]) {
  const files: AnswerFile[] = [];
  const diffs: string[] = [];
  const deletions: string[] = [];
  for (const block of blocks) {
    const found = pathOf(block);
    if (isDiff(block) && !/\.(?:diff|patch)$/.test(found?.path ?? '')) {
      if (!block.lines.some((line) => /^\+\+\+ /.test(line)) && !block.lines.some(isGitHeader))
        return `The diff at line ${block.line} does not say which file it changes; begin it with --- a/the/path and +++ b/the/path.`;
      diffs.push(joined(block.lines));
      continue;
    }
    if (found === undefined) continue;
    if (/^delete\b/i.test(block.info)) {
      deletions.push(found.path);
      continue;
    }
    const gap = isMarkdown(found.path) ? undefined : found.lines.find(leavesOut);
    if (gap !== undefined)
      return `${found.path} leaves something out at ${JSON.stringify(gap.trim().slice(0, 80))}; give each file whole.`;
    const content = joined(found.lines);
    const before = files.find((file) => file.path === found.path);
    if (before !== undefined && before.content !== content)
      return `${found.path} is given twice, with different content; give each file once.`;
    if (before === undefined) files.push({ path: found.path, content });
  }
  return { files, diffs, deletions };
}

const isDiff = (block: FencedBlock): boolean => {
  if (/^(?:diff|patch)\b/i.test(block.info)) return true;
  const first = block.lines.findIndex((line) => line.trim() !== '');
  const [a = '', b = ''] = first === -1 ? [] : block.lines.slice(first);
  return isGitHeader(a) || (/^--- \S/.test(a) && /^\+\+\+ \S/.test(b));
};

const isGitHeader = (line: string): boolean => line.startsWith('diff --git ');

/** A diff that is the answer itself, without a block around it. */
function bareDiff(prose: readonly string[]): string | undefined {
  const start = prose.findIndex(
    (line, index) => isGitHeader(line) || (/^--- \S/.test(line) && /^\+\+\+ \S/.test(prose[index + 1] ?? '')),
  );
  return start === -1 ? undefined : joined(prose.slice(start)).replace(/\n+$/, '\n');
}

const joined = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`);

const comment = String.raw`(?:\/\/|#|\/\*|<!--|--|;|\{\/\*)`;
const dots = String.raw`(?:\.{3}|…)`;
const hidden = '(?:the )?(?:existing|rest of|rest is|remaining|unchanged|previous|other|same)';

/** `// ... existing code ...` and its like in the place of code: writing such a file would delete what it hides. */
const gaps = [
  new RegExp(String.raw`^\s*${comment}\s*${dots}\s*\(?${hidden}\b`, 'i'),
  // Without a comment the space matters: `...existing,` is code.
  new RegExp(String.raw`^\s*${dots}\s+\(?${hidden}\s+\w`, 'i'),
  new RegExp(
    String.raw`^\s*${comment}\s*${hidden}(?: the)? (?:code|file|imports|methods|functions|tests|content|implementation)\b.{0,40}(?:${dots}|unchanged|as before|stays|goes here)`,
    'i',
  ),
];

const leavesOut = (line: string): boolean => gaps.some((gap) => gap.test(line));
