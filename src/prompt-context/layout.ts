/** A project's layout in few lines: folders that would take too many are told with the number of their files. */

interface Folder {
  path: string;
  files: number;
  children: Map<string, Folder | 'file'>;
}

/**
 * The paths, one a line. Where they are more than `maxLines`, the folders nearest to the root are opened first, and one
 * that does not fit stays closed.
 *
 * @param paths with forward slashes
 */
export function layoutOf(paths: readonly string[], maxLines: number): string {
  if (paths.length <= maxLines) return paths.join('\n');
  const root = treeOf(paths);
  const opened = new Set<Folder>([root]);
  let lines = root.children.size;
  // Breadth first: a queue that grows while it is gone through.
  const queue = [root];
  for (const folder of queue) {
    if (folder !== root) {
      if (lines - 1 + folder.children.size > maxLines) continue;
      lines += folder.children.size - 1;
      opened.add(folder);
    }
    queue.push(...[...folder.children.values()].filter((child) => child !== 'file'));
  }
  const listed = linesOf(root, opened);
  const shown = listed.slice(0, maxLines);
  const more = listed.length - shown.length;
  return [...shown, ...(more === 0 ? [] : [`… and ${more} more`])].join('\n');
}

function treeOf(paths: readonly string[]): Folder {
  const root: Folder = { path: '', files: 0, children: new Map() };
  for (const path of paths) {
    const names = path.split('/');
    let folder = root;
    for (const name of names.slice(0, -1)) {
      folder.files++;
      const found = folder.children.get(name);
      const next: Folder =
        found === undefined || found === 'file'
          ? { path: `${folder.path}${name}/`, files: 0, children: new Map() }
          : found;
      folder.children.set(name, next);
      folder = next;
    }
    folder.files++;
    folder.children.set(names.at(-1) ?? '', 'file');
  }
  return root;
}

function linesOf(folder: Folder, opened: ReadonlySet<Folder>): string[] {
  return [...folder.children].flatMap(([name, child]) => {
    if (child === 'file') return [`${folder.path}${name}`];
    if (opened.has(child)) return linesOf(child, opened);
    return [`${child.path} (${child.files === 1 ? '1 file' : `${child.files} files`})`];
  });
}
