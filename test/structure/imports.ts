/** The sources as a graph: which file imports which, read from the syntax tree and not from the text. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type ModuleDeclaration, parseSync, type Statement } from '@swc/core';

export interface Import {
  /** A file of ours as `src/…`, or the name of a package. */
  to: string;
  /** Nothing of it is there at run time. */
  typeOnly: boolean;
}

/** Every file below `src`, with what it imports: statically, dynamically, or by passing it on. */
export function readImports(): Map<string, Import[]> {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('src', file))
    .sort();
  return new Map(files.map((file) => [file, importsOf(file)]));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const statements = parseSync(text, { syntax: 'typescript' }).body.flatMap((item) => staticImport(item));
  const dynamic = [...text.matchAll(/\bimport\('([^']+)'\)/g)].flatMap(([, to]) =>
    to === undefined ? [] : [{ to, typeOnly: false }],
  );
  return [...statements, ...dynamic].map(({ to, typeOnly }) => ({ to: resolve(file, to), typeOnly }));
}

function staticImport(item: ModuleDeclaration | Statement): Import[] {
  switch (item.type) {
    case 'ImportDeclaration': {
      const named = item.specifiers.map((one) => one.type === 'ImportSpecifier' && one.isTypeOnly);
      return [
        { to: item.source.value, typeOnly: item.typeOnly || (named.length > 0 && named.every(Boolean)) },
      ];
    }
    case 'ExportNamedDeclaration':
      return item.source === null || item.source === undefined
        ? []
        : [{ to: item.source.value, typeOnly: 'typeOnly' in item && item.typeOnly === true }];
    case 'ExportAllDeclaration':
      return [{ to: item.source.value, typeOnly: 'typeOnly' in item && item.typeOnly === true }];
    default:
      return [];
  }
}

const resolve = (file: string, to: string): string =>
  to.startsWith('.') ? normalize(join(dirname(file), to)).replace(/\.js$/, '.ts') : to;

/** A circle of imports, as the files in order; undefined where there is none. */
export function findCircle(imports: ReadonlyMap<string, readonly Import[]>): string[] | undefined {
  const settled = new Set<string>();
  const visit = (file: string, path: string[]): string[] | undefined => {
    if (settled.has(file)) return undefined;
    const at = path.indexOf(file);
    if (at !== -1) return [...path.slice(at), file];
    for (const { to } of imports.get(file) ?? []) {
      const circle = visit(to, [...path, file]);
      if (circle !== undefined) return circle;
    }
    settled.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/** All that is loaded at run time with a file, packages included. */
export function loadedWith(file: string, imports: ReadonlyMap<string, readonly Import[]>): Set<string> {
  const found = new Set<string>();
  const visit = (from: string) => {
    if (found.has(from)) return;
    found.add(from);
    for (const { to, typeOnly } of imports.get(from) ?? []) if (!typeOnly) visit(to);
  };
  visit(file);
  return found;
}
