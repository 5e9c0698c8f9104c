/** The functions of the sources, and how long they are: from the syntax tree, closures included. */
import { readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';

export interface FoundFunction {
  /** As it is called; where it has no name of its own, by its first line. */
  name: string;
  /** From 1. */
  line: number;
  lines: number;
  /** What stands right before it. */
  comment: string;
}

const lineEnd = 0x0a;

const functionTypes = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'Constructor',
  'MethodProperty',
  'GetterProperty',
  'SetterProperty',
]);

/** @param file of TypeScript or JavaScript */
export function functionsOf(file: string): FoundFunction[] {
  // The first line of a command is no TypeScript once something stands before it.
  const text = readFileSync(file, 'utf8').replace(/^#!/, '//');
  // Positions are counted in bytes, on from what was parsed before; the mark says from where.
  const mark = ';';
  const tree = parseSync(mark + text, { syntax: 'typescript' });
  const base = tree.span.start + mark.length;
  const ends = [...Buffer.from(text).entries()].filter(([, byte]) => byte === lineEnd).map(([at]) => at);
  const lineAt = (position: number): number => {
    const next = ends.findIndex((end) => end >= position - base);
    return next === -1 ? ends.length + 1 : next + 1;
  };
  const all = text.split('\n');
  return spansOf(tree).map(({ start, end }) => {
    const line = lineAt(start);
    return {
      name: all[line - 1]?.trim() ?? '',
      line,
      lines: lineAt(end) - line + 1,
      comment: commentBefore(all, line),
    };
  });
}

function spansOf(node: unknown): { start: number; end: number }[] {
  if (Array.isArray(node)) return node.flatMap((one) => spansOf(one));
  if (typeof node !== 'object' || node === null) return [];
  const { type, span } = node as { type?: string; span?: { start: number; end: number } };
  const inner = Object.values(node).flatMap((one) => spansOf(one));
  return type !== undefined && span !== undefined && functionTypes.has(type) ? [span, ...inner] : inner;
}

function commentBefore(lines: readonly string[], line: number): string {
  const comment: string[] = [];
  for (let above = line - 2; /^\s*(\/\/|\/?\*)/.test(lines[above] ?? ''); above--)
    comment.unshift(lines[above] ?? '');
  return comment.join('\n');
}
