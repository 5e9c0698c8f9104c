/** The one place that starts the process of a call. */
import { spawn } from 'node:child_process';
import { tryDirectory } from './records.js';
import type { Launch, TryRef, WrapperShell } from './types.js';

/** A wrapper that was started. It may or may not get the claim. */
export interface StartedWrapper {
  pid: number | undefined;
  /** Settles with the wrapper: its exit status (null when a signal ended it), or why it could not be started. */
  ended: Promise<{ status: number | null } | { problem: string }>;
  /** Whether `ended` has settled. */
  isOver(): boolean;
}

/** What marks every process of a try, however it left the group. */
export const tryMarks = (callDirectory: string, tryNumber: number): { call: string; number: string } => ({
  call: `BLUEPRINT_CALL=${callDirectory}`,
  number: `BLUEPRINT_TRY=${tryNumber}`,
});

/**
 * Starts a wrapper for one try, detached: it leads its own session, holds no stream of ours, and lives on when this
 * process dies.
 *
 * @param environment what the command is given
 */
export function startWrapper(
  { callDirectory, tryNumber }: TryRef,
  { command, limits }: Pick<Launch, 'command' | 'limits'>,
  environment: Record<string, string>,
  wrapper: WrapperShell,
): StartedWrapper {
  const directory = tryDirectory({ callDirectory, tryNumber });
  const child = spawn(
    wrapper.shell,
    [
      ...wrapper.options,
      '-c',
      wrapper.script,
      'blueprint-call',
      directory,
      command.cwd,
      String(limits.totalSeconds),
      String(limits.inactivitySeconds),
      String(limits.graceSeconds),
      command.file,
      ...command.args,
    ],
    {
      cwd: directory,
      detached: true,
      stdio: 'ignore',
      env: {
        // The wrapper needs ln, rm, sleep, wc and mv, whatever the command needs.
        PATH: '/usr/local/bin:/usr/bin:/bin',
        ...environment,
        BLUEPRINT_CALL: callDirectory,
        BLUEPRINT_TRY: String(tryNumber),
      },
    },
  );
  child.unref();
  let over = false;
  const ended = new Promise<{ status: number | null } | { problem: string }>((resolve) => {
    child.once('error', (error) => resolve({ problem: error.message }));
    child.once('exit', (status) => resolve({ status }));
  }).finally(() => {
    over = true;
  });
  return { pid: child.pid, ended, isOver: () => over };
}
