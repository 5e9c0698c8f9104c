// @ts-check
/** After all tests of a run: stops the server that they shared and removes the run's folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export default function teardown() {
  const folder = process.env.BLUEPRINT_TEST_FOLDER;
  if (folder === undefined) return;
  const script = join(folder, 'code', 'test', 'support', 'outside-jest.js');
  if (existsSync(join(folder, 'state')))
    spawnSync(process.execPath, [script, 'stop-server', folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  rmSync(folder, { recursive: true, force: true });
}
