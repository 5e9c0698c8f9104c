/**
 * The tests in three speeds. A test file's ending says which it is:
 *
 *   name.test.ts         `unit`    no server; a process only where processes are what is tested. Seconds each.
 *   name.system.test.ts  `system`  the built command, workers, Temporal's servers: one real path through each promise,
 *                                  and the workflows on stub activities.
 *   name.slow.test.ts    `slow`    what takes minutes, or needs more than a user has: hundreds of kills, the vendors'
 *                                  commands, real projects, workflows with real activities.
 *
 * The call store's tests are run once more as `shells`: under each shell that its wrapper is written for.
 *
 *   npm run test:unit    unit               while you write
 *   npm test             unit and system    what a user runs
 *   npm run test:all     everything         what CI runs
 *
 * A path or a name narrows each of them down: `npm test -- test/workspace`, `npm run test:all -- -t 'a conflict'`.
 * What a run needs is made by what needs it: the build and Temporal's servers before the first system test, our
 * sources as plain JavaScript by the first test that runs them in a process of its own.
 */

const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  globalTeardown: '<rootDir>/test/setup/teardown.js',
  setupFilesAfterEnv: ['<rootDir>/test/setup/each-file.js'],
};

/**
 * @param {string} name
 * @param {string} files which end in `.test.ts`
 * @param {{ setup: string, testTimeoutMs: number, everyShell?: boolean }} how
 */
const project = (name, files, { setup, ...globals }) => ({
  ...shared,
  displayName: name,
  testMatch: [`<rootDir>/test/**/${files}.test.ts`],
  globalSetup: `<rootDir>/test/setup/${setup}.js`,
  globals,
});

/** @type {import('jest').Config} */
export default {
  projects: [
    // A hundred times what one takes: what hangs, or has become slow, is seen.
    project('unit', '!(*.system|*.slow)', { setup: 'unit', testTimeoutMs: 10_000 }),
    // A feature with a dozen calls, each with its processes, on two busy cores.
    project('system', '*.system', { setup: 'system', testTimeoutMs: 60_000 }),
    // What hangs ends here; what is slow on a busy machine does not.
    project('shells', 'models/calls/store/!(*.slow)', {
      setup: 'unit',
      testTimeoutMs: 60_000,
      everyShell: true,
    }),
    project('slow', '*.slow', { setup: 'system', testTimeoutMs: 180_000 }),
  ],
  // Two cores: a worker for each; the tests start servers, workers and models of their own.
  maxWorkers: 2,
  reporters: ['<rootDir>/test/setup/slowest.js', 'default'],
};
