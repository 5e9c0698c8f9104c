/** Temporal's test server, which skips the time that nobody uses. */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import './quiet-runtime.js';
import { testServerScript } from './test-server.js';

/**
 * An environment whose time skips ahead while a workflow's result is awaited. The caller tears it down. Time is the
 * server's: all workflows in one environment share it. Where Maven or Java is missing, the SDK downloads its own build.
 */
export async function createTimeSkipping(): Promise<TestWorkflowEnvironment> {
  const path = await testServerScript();
  return TestWorkflowEnvironment.createTimeSkipping(
    path === undefined ? {} : { server: { executable: { type: 'existing-path', path } } },
  );
}
