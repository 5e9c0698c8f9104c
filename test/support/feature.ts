/** A feature on disk, for work on it without a server: what a model is asked stands in its call's directory. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConfigInput, configSchema } from '../../src/domain/config/schema.js';
import type { FeatureInput } from '../../src/domain/feature/types.js';
import type { FileReference } from '../../src/domain/references.js';
import { saveArtifact } from '../../src/feature/artifacts.js';
import { saveFeatureInput } from '../../src/feature/feature-file.js';
import { featureDirectory } from '../../src/feature/project.js';
import { openFeatureFolder, type WorkScope } from '../../src/feature/scope.js';
import { committedRepository } from './repository.js';
import { testFolder } from './source-process.js';

export interface TestFeature {
  root: string;
  /** The commit that it builds on. */
  base: string;
  save(path: string, text: string): Promise<FileReference>;
  /** What work on it is given. */
  scope: WorkScope;
  /** The prompt that a call was made with, by the call's name before its number; without one, ''. */
  prompt(call: string): Promise<string>;
  /** The names of the call directories, in order. */
  calls(): Promise<string[]>;
  /** Processes of models that were started. */
  started(): Promise<number>;
}

/**
 * A feature of a committed repository.
 *
 * @param answer what every model answers, to everything
 */
export async function makeFeature(
  files: Readonly<Record<string, string>>,
  answer: string,
  config: ConfigInput = {},
): Promise<TestFeature> {
  const folder = await realpath(await mkdtemp(join(testFolder(), 'feature-')));
  const root = join(folder, 'repo');
  const { base } = await committedRepository(root, files);
  const directory = featureDirectory(root, 'feature');
  await saveFeatureInput(directory, {
    feature: 'feature',
    // Test files run side by side, and worktrees are named by it.
    instance: randomBytes(6).toString('hex'),
    root,
    mode: 'static',
    config: configSchema.parse({ script: await makeModel(folder, answer), ...config }),
    base,
    brief: await saveArtifact(directory, 'brief.md', 'Do it.\n'),
    briefIsSpec: false,
    usedRounds: 0,
    embedded: true,
  } satisfies FeatureInput);
  return {
    root,
    base,
    save: (path, text) => saveArtifact(directory, path, text),
    scope: {
      ...(await openFeatureFolder(root, 'feature')),
      ...{ signal: new AbortController().signal, scheduledAt: 1_700_000_000_000 },
      registerCall: () => undefined,
    },
    async prompt(call) {
      const calls = await readdir(join(directory, 'calls')).catch(() => []);
      const made = calls.find((name) => name.startsWith(`${call}.`)) ?? '';
      return readFile(join(directory, 'calls', made, 'prompt.md'), 'utf8').catch(() => '');
    },
    async calls() {
      return (await readdir(join(directory, 'calls'))).sort();
    },
    async started() {
      return (await readFile(join(folder, 'started'), 'utf8').catch(() => '')).length;
    },
  };
}

/** A program that answers the same to everything, and leaves a byte for each time that it is run. */
async function makeModel(folder: string, answer: string): Promise<string> {
  const path = join(folder, 'model');
  const lines = [{ type: 'text', text: answer }, { type: 'result' }].map((line) => JSON.stringify(line));
  await writeFile(join(folder, 'answer'), `${lines.join('\n')}\n`);
  await writeFile(
    path,
    `#!/bin/sh\nprintf . >>'${folder}/started'\ncat >/dev/null\ncat '${folder}/answer'\n`,
  );
  await chmod(path, 0o755);
  return path;
}
