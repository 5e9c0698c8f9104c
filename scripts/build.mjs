/** Builds `dist`: the compiled sources, the workflows as one bundle, and the command as a few files. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const packagePath = createRequire(import.meta.url).resolve;

rmSync(dist, { recursive: true, force: true });
execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});

const { bundleWorkflowCode } = await import('@temporalio/worker');
const { code } = await bundleWorkflowCode({
  workflowsPath: join(dist, 'workflows', 'index.js'),
  workflowInterceptorModules: [join(dist, 'workflows', 'interceptors.js')],
  // Each start of a worker reads the map, which needs no second copy of the sources to name a line.
  webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-cheap-module-source-map' }),
  logger: { info() {}, debug() {}, trace() {}, log() {}, warn: console.warn, error: console.error },
});
writeFileSync(join(dist, 'workflow-bundle.js'), code);

/** What of Temporal's packages cannot be in a bundle. */
const temporal = {
  name: 'temporal',
  setup({ onLoad, onResolve }) {
    // It bundles the workflows' code, which is done above: a worker that is given the bundle never asks for it.
    onLoad({ filter: /@temporalio\/worker\/lib\/(workflow\/bundler|debug-replayer\/index)\.js$/ }, () => ({
      contents: 'exports.defaultWorkflowInterceptorModules = [];',
    }));
    // It looks for the native library beside itself.
    onResolve({ filter: /^\.\/common$/ }, ({ importer }) =>
      importer.includes('@temporalio/core-bridge/')
        ? { path: '@temporalio/core-bridge/common.js', external: true }
        : undefined,
    );
  },
};

const command = {
  outdir: join(dist, 'bin'),
  bundle: true,
  splitting: true,
  sourcemap: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.11',
  plugins: [temporal],
  // Its `main` asks for its files in a way that only Node follows.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  // Packages in CommonJS ask for Node's modules with `require`, and for files beside themselves by `__dirname`.
  banner: {
    js: [
      "import { createRequire } from 'node:module';",
      'const require = createRequire(import.meta.url);',
      'const __dirname = import.meta.dirname;',
    ].join('\n'),
  },
  logLevel: 'warning',
  logOverride: { 'require-resolve-not-external': 'silent' },
};
// A start of the command is felt, and a lost worker's successor is waited for: a thousand small modules, ours and the
// SDK's, once in the process and once in the thread that workflows run in, cost a worker's start a third of its time.
await build({
  ...command,
  entryPoints: {
    blueprint: join(dist, 'cli', 'main.js'),
    // The SDK starts its thread from a file of this name beside the code that asks for it.
    'workflow-worker-thread': packagePath('@temporalio/worker/lib/workflow/workflow-worker-thread.js'),
  },
});
// Started for each call: bundled, it takes 0.18 s instead of 0.33 s. Apart, so that what only it needs of a package
// that both use (all of zod's languages) is not in the other. Each worker has a runner.
await build({
  ...command,
  entryPoints: {
    'http-model': join(dist, 'models', 'http', 'main.js'),
    runner: join(dist, 'host', 'runner-main.js'),
  },
});
// Read by the SDK's `source-map` from its own folder, which is now the bundle's.
copyFileSync(packagePath('source-map/lib/mappings.wasm'), join(dist, 'bin', 'mappings.wasm'));
chmodSync(join(dist, 'bin', 'blueprint.js'), 0o755);
