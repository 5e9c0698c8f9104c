/** Temporal's test server, which skips the time that nobody uses. */
import {
  TestWorkflowEnvironment,
  type TimeSkippingTestWorkflowEnvironmentOptions,
} from '@temporalio/testing';
import './quiet-runtime.js';
import { testServerCommand } from './test-server.js';

/** The SDK gives a server 5 s to start, which a machine that is busy with other tests may exceed. */
const startTries = 5;

/**
 * An environment whose time skips ahead while a workflow's result is awaited. The caller tears it down. Time is the
 * server's: all workflows in one environment share it. Where pip cannot fetch it, the SDK downloads its own build.
 */
export async function createTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const path = await testServerCommand();
  const options: TimeSkippingTestWorkflowEnvironmentOptions =
    path === undefined ? {} : { server: { executable: { type: 'existing-path', path } } };
  for (let tries = 1; ; tries++) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping(options);
    } catch (error) {
      if (tries === startTries) throw error;
    }
  }
}
