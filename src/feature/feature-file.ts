/** What a feature was started with, frozen in its directory: `feature.json`, and the configuration in `config.json`. */
import { join } from 'node:path';
import { configSchema } from '../domain/config/schema.js';
import { type FeatureInput, featureInputSchema } from '../domain/feature/input.js';
import { fileFormat, filledFileFormat } from '../domain/file-format.js';
import { Problem } from '../domain/problem.js';
import { writeFileAtomic } from '../host/atomic-file.js';
import { readFileAs } from '../host/files.js';

const inputFormat = fileFormat(1, featureInputSchema);
/** What was frozen without a key is completed by the key's default. A key that is not known may be a limit. */
const configFormat = filledFileFormat(1, configSchema);

const inputPath = (featureDir: string): string => join(featureDir, 'feature.json');
const configPath = (featureDir: string): string => join(featureDir, 'config.json');

/** Keeps a feature's input. `feature.json` is written last: where it is, the feature is there whole. */
export async function saveFeatureInput(
  featureDir: string,
  { config, ...input }: FeatureInput,
): Promise<void> {
  await writeFileAtomic(configPath(featureDir), configFormat.text(config));
  await writeFileAtomic(inputPath(featureDir), inputFormat.text(input));
}

/**
 * @returns what the feature was started with, or undefined where no feature is
 * @throws {Problem} `damaged-file`, `newer-file`, `file-missing`, with the file's path
 */
export async function readFeatureInput(featureDir: string): Promise<FeatureInput | undefined> {
  const input = await readFileAs(inputPath(featureDir), inputFormat);
  if (input === undefined) return undefined;
  const config = await readFileAs(configPath(featureDir), configFormat);
  if (config === undefined) throw new Problem('file-missing', `${configPath(featureDir)} is missing.`);
  return { ...input, config };
}
