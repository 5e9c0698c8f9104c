/** Fenced blocks of a Markdown text, by the rules of CommonMark 0.31 section 4.5, with one exception. */

export interface FencedBlock {
  /** What follows the opening fence. */
  info: string;
  /** The lines between the fences. */
  lines: string[];
  /** The last line before the block that is not blank, and not part of another block. */
  before: string;
  /** The opening fence's line, counted from 1. */
  line: number;
}

export interface FencedText {
  blocks: FencedBlock[];
  /** The line, counted from 1, of a block that is never closed: the text was cut off. */
  unclosed?: number | undefined;
  /** The lines outside of blocks. */
  prose: string[];
}

interface Fence {
  char: string;
  length: number;
  info: string;
}

/**
 * Splits a text into its fenced blocks and the rest. The exception: in a block of Markdown, a fence with a
 * language opens an inner block even when it is no shorter than the outer one, since models forget to make the
 * outer one longer.
 */
export function fencedBlocks(text: string): FencedText {
  const blocks: FencedBlock[] = [];
  const prose: string[] = [];
  let block: (FencedBlock & { fence: Fence; inner: number }) | undefined;
  let before = '';
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  for (const [index, line] of lines.entries()) {
    const fence = readFence(line);
    if (block === undefined) {
      if (fence !== undefined) {
        block = { info: fence.info, lines: [], before, line: index + 1, fence, inner: 0 };
        before = '';
      } else {
        prose.push(line);
        if (line.trim() !== '') before = line;
      }
      continue;
    }
    const matches =
      fence !== undefined && fence.char === block.fence.char && fence.length >= block.fence.length;
    if (matches && fence.info !== '' && isMarkdown(block.info)) block.inner++;
    else if (matches && fence.info === '') {
      if (block.inner === 0) {
        const { info, lines: content, before: preceding, line: opened } = block;
        blocks.push({ info, lines: content, before: preceding, line: opened });
        block = undefined;
        continue;
      }
      block.inner--;
    }
    block.lines.push(line);
  }
  return { blocks, prose, ...(block === undefined ? {} : { unclosed: block.line }) };
}

function readFence(line: string): Fence | undefined {
  const match = /^ {0,3}(`{3,}|~{3,})[ \t]*(.*?)[ \t]*$/.exec(line);
  const [, marks = '', info = ''] = match ?? [];
  if (marks === '') return undefined;
  // A fence of backticks has none in its info: such a line is code within a sentence.
  if (marks.startsWith('`') && info.includes('`')) return undefined;
  return { char: marks.charAt(0), length: marks.length, info };
}

/** Whether a block's info says that it is Markdown, by its language or by its path. */
export const isMarkdown = (info: string): boolean =>
  /^(md|mdx|markdown)\b/i.test(info) || /\.(md|mdx|markdown)\b/i.test(info);
