/** The person's own Temporal configuration: the environment's `TEMPORAL_…` and the profiles of `temporal.toml`. */

import { type ClientConfigProfile, loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig';
import { Problem } from '../../domain/problem.js';
import type { Environment } from '../../host/environment.js';
import { firstLineOf } from '../../host/reason.js';

/**
 * The profile in force, by the rules of Temporal's tools: https://docs.temporal.io/develop/environment-configuration
 *
 * @throws Problem when the file cannot be read, or lacks the profile that `TEMPORAL_PROFILE` names
 */
export function loadProfile(env: Environment = process.env): ClientConfigProfile {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  try {
    return loadClientConfigProfile({ overrideEnvVars });
  } catch (error) {
    // A file without any profile, which the library takes for granted.
    if (error instanceof TypeError && !env.TEMPORAL_PROFILE)
      return loadClientConfigProfile({ overrideEnvVars, disableFile: true });
    throw unusable(error instanceof TypeError ? `there is no profile ${env.TEMPORAL_PROFILE}` : error);
  }
}

/**
 * What a connection needs of the profile, its keys and certificates among them.
 *
 * @throws Problem when a certificate cannot be read
 */
export function profileConnectionOptions(
  profile: ClientConfigProfile,
): ReturnType<typeof toClientOptions>['connectionOptions'] {
  try {
    return toClientOptions(profile).connectionOptions;
  } catch (error) {
    throw unusable(error);
  }
}

const unusable = (error: unknown): Problem =>
  new Problem(
    'temporal-config-unusable',
    `Your Temporal configuration cannot be used: ${typeof error === 'string' ? error : firstLineOf(error)}. Correct it (TEMPORAL_…, temporal.toml), or unset it to use the embedded server.`,
    { cause: error },
  );
