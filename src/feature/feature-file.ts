/** What a feature was started with, frozen in its directory: `feature.json`, and the configuration in `config.json`. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { configSchema } from '../domain/config/schema.js';
import type { FeatureInput } from '../domain/feature/types.js';
import { Problem } from '../domain/problem.js';
import { writeFileAtomic } from '../host/atomic-file.js';
import { readIfExists } from '../host/files.js';

const referenceSchema = z.object({ path: z.string(), sha256: z.string(), bytes: z.number() });
const inputSchema = z.object({
  feature: z.string(),
  instance: z.string(),
  root: z.string(),
  mode: z.enum(['static', 'interactive']),
  base: z.string().optional(),
  baseBranch: z.string().optional(),
  brief: referenceSchema,
  briefIsSpec: z.boolean(),
  usedRounds: z.number(),
  embedded: z.boolean(),
});

const fileName = 'feature.json';
const configName = 'config.json';

/** Keeps a feature's input. `feature.json` is written last: where it is, the feature is there whole. */
export async function saveFeatureInput(featureDir: string, input: FeatureInput): Promise<void> {
  const { config, ...rest } = input;
  await writeFileAtomic(join(featureDir, configName), toText(config));
  await writeFileAtomic(join(featureDir, fileName), toText(rest));
}

const toText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/**
 * @returns what the feature was started with, or undefined where no feature is
 * @throws {Problem} when the files cannot be read or are not ours
 */
export async function readFeatureInput(featureDir: string): Promise<FeatureInput | undefined> {
  const text = await readIfExists(join(featureDir, fileName));
  if (text === undefined) return undefined;
  try {
    const config = configSchema.parse(JSON.parse(await readFile(join(featureDir, configName), 'utf8')));
    const input = inputSchema.parse(JSON.parse(text));
    return { ...input, base: input.base, config };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem(
      'damaged-file',
      `What the feature in ${featureDir} was started with cannot be read (${fileName}, ${configName}): ${reason}`,
      { cause: error },
    );
  }
}
