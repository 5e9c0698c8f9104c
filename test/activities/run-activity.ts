/** Runs activities as a worker does, without a server. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.js';
import type { Activities } from '../../src/activities/types.js';
import type { TestFeature } from '../support/feature.js';

export const runActivity = <Name extends keyof Activities>(
  { root }: Pick<TestFeature, 'root'>,
  name: Name,
  input: Parameters<Activities[Name]>[0],
): Promise<Awaited<ReturnType<Activities[Name]>>> =>
  new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(
    createActivities({ root, heartbeatMs: 1_000 })[name] as (input: unknown) => Promise<never>,
    input,
  );
