/** What work on a feature needs, whoever has it done: an activity, or a command of a person's. */
import { join } from 'node:path';
import type { CallKey } from '../domain/calls/call-key.js';
import type { FeatureInput } from '../domain/feature/types.js';
import { Problem } from '../domain/problem.js';
import { readFeatureInput } from './feature-file.js';
import { featureDirectory } from './project.js';

/** A feature on the disk. */
export interface FeatureFolder {
  input: FeatureInput;
  /** The feature directory. */
  directory: string;
  /** Where its calls are. */
  calls: string;
}

/** What work that follows calls is given besides. */
export interface WorkScope extends FeatureFolder {
  /** Aborted: the work detaches from the calls that it follows, whose processes run on. */
  signal: AbortSignal;
  /** The clock that failed calls wait by, in milliseconds; another than the machine's only where time is skipped. */
  now?: (() => number | Promise<number>) | undefined;
  /** When the work was asked for, in milliseconds since 1970: the same however often it is begun. */
  scheduledAt: number;
  /** Notes a call that is about to be made or followed, so that a person's stop ends it. */
  registerCall(call: CallKey): void;
}

/**
 * @param root the project's root folder
 * @throws Problem when the feature's directory is gone
 */
export async function openFeatureFolder(root: string, feature: string): Promise<FeatureFolder> {
  const directory = featureDirectory(root, feature);
  const input = await readFeatureInput(directory);
  if (input === undefined)
    throw new Problem('feature-missing', `The directory of the feature ${feature} is gone: ${directory}`);
  return { input, directory, calls: join(directory, 'calls') };
}
