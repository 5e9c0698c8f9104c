/** Files that the package brings along, wherever the running code stands: it may be bundled, or run from its sources. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = packageRoot(dirname(fileURLToPath(import.meta.url)));

/** @param path below the package's root, with slashes */
export const packageFile = (path: string): string => join(root, path);

function packageRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('unreachable: our code is in a package');
  return packageRoot(parent);
}
