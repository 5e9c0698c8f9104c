/** Builds `dist`: the compiled sources, the prompts beside them, and the workflows as one bundle. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});

const prompts = join(root, 'src', 'models', 'prompts');
if (existsSync(prompts))
  for (const name of readdirSync(prompts).filter((file) => file.endsWith('.md')))
    cpSync(join(prompts, name), join(dist, 'models', 'prompts', name));

const { bundleWorkflowCode } = await import('@temporalio/worker');
const { code } = await bundleWorkflowCode({
  workflowsPath: join(dist, 'workflows', 'index.js'),
  logger: { info() {}, debug() {}, trace() {}, log() {}, warn: console.warn, error: console.error },
});
writeFileSync(join(dist, 'workflow-bundle.js'), code);
chmodSync(join(dist, 'cli', 'main.js'), 0o755);
