/** Looking whether something is there. */
import { access } from 'node:fs/promises';

/** Whether there is a file or folder at the path, which this process can get to. */
export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
