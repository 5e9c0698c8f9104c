/** Once for a test run, after all tests: stops the server that they shared and removes the run's folder. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export default function globalTeardown(): void {
  const folder = process.env.BLUEPRINT_TEST_FOLDER;
  if (folder === undefined) return;
  const script = join(folder, 'code', 'test', 'support', 'outside-jest.js');
  spawnSync(process.execPath, [script, 'finish', folder], { stdio: ['ignore', 'inherit', 'inherit'] });
}
