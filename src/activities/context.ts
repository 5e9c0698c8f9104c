/** What every activity works on: one project's folder, and a feature in it. */
import { join } from 'node:path';
import type { FeatureInput } from '../domain/feature/types.js';
import { Problem } from '../domain/problem.js';
import { readFeatureInput } from '../feature/feature-file.js';
import { featureDirectory } from '../feature/project.js';
import type { Slots } from '../models/calls/slots/check-slots.js';
import type { CallLimits } from '../models/calls/store/types.js';

/** What a worker gives its activities. */
export interface WorkerContext {
  /** Real path of the project's root folder. */
  root: string;
  /** How often a running activity beats, in milliseconds. */
  beatMs: number;
  /** The clock that failed calls wait by; another than the machine's only where time is skipped. */
  now?: (() => number | Promise<number>) | undefined;
}

/** A feature, as the activities need it. */
export interface FeatureContext {
  input: FeatureInput;
  /** The feature directory. */
  directory: string;
  /** Where its calls are. */
  calls: string;
  /** What its setups and checks share with those of the project's other features. */
  checkSlots: Slots;
}

/** @throws Problem when the feature's directory is gone */
export async function featureContext(worker: WorkerContext, feature: string): Promise<FeatureContext> {
  const directory = featureDirectory(worker.root, feature);
  const input = await readFeatureInput(directory);
  if (input === undefined)
    throw new Problem('feature-missing', `The directory of the feature ${feature} is gone: ${directory}`);
  const checkSlots = {
    folder: join(worker.root, '.blueprint', 'check-slots'),
    count: input.config.maxParallelChecks,
  };
  return { input, directory, calls: join(directory, 'calls'), checkSlots };
}

/** The limits of a model's call. */
export const modelLimits = ({ input: { config } }: FeatureContext): CallLimits => ({
  totalSeconds: config.limits.callSeconds,
  inactivitySeconds: Math.min(config.limits.inactivitySeconds, config.limits.callSeconds),
  graceSeconds: config.limits.graceSeconds,
  tries: config.limits.tries,
});

/** The limits of setup and checks. A test runner may be silent for all of its time. */
export const commandLimits = ({ input: { config } }: FeatureContext, seconds: number): CallLimits => ({
  totalSeconds: seconds,
  inactivitySeconds: seconds,
  graceSeconds: config.limits.graceSeconds,
  tries: config.limits.tries,
});
