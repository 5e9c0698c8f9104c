/** Setup and checks, run in the call store: a lost worker's check is taken over, not doubled. */
import { join } from 'node:path';
import * as z from 'zod';
import type { CallKey } from '../domain/calls/call-key.js';
import type { CallSource } from '../domain/journal/entries.js';
import { type Slots, takeSlot } from './calls/slots/slots.js';
import { runCall } from './calls/store/store.js';
import type { CallLimits, CallOptions } from './calls/store/types.js';
import type { CommandEnvironment } from './environment.js';

export interface CommandCall {
  call: CallKey;
  kind: 'setup' | 'check';
  /** Run by `sh -c`. */
  command: string;
  /** Must be there. */
  cwd: string;
  /** Where the command is run, below `cwd`; without such a folder it cannot be run. */
  folder?: string | undefined;
  limits: CallLimits;
  environment: CommandEnvironment;
  /** Waits for one of these before it starts, and finds its number in `BLUEPRINT_SLOT`. */
  slots: Slots;
}

export interface CommandResult {
  /** The call directory's name. */
  call: string;
  source: CallSource;
  /** As a shell counts. A status other than 0 is a result, and so is a limit that was run into. */
  status: number;
  endedBy?: 'timeout' | 'inactive' | undefined;
  /** Absolute. Both output streams, as they came. */
  outputPath: string;
  durationMs: number;
}

/** What is kept of a command's end. */
const endSchema = z.object({ status: z.number(), endedBy: z.enum(['timeout', 'inactive']).optional() });

/**
 * Runs a command, or gives the outcome that it had before. Whatever it left running is killed.
 *
 * @throws CallError when it was stopped, or its processes were lost more often than the limits allow
 * @throws the reason of `options.signal` when that is aborted: the command goes on
 */
export async function runCommand(
  callsDirectory: string,
  { call: key, kind, command, cwd, folder, limits, environment, slots }: CommandCall,
  options: Omit<CallOptions, 'environment' | 'beforeTry'>,
): Promise<CommandResult> {
  const { call, directory, tryNumber, source, result, durationMs } = await runCall(
    callsDirectory,
    key,
    async () => ({
      command: { file: 'sh', args: shellArguments(command, folder), cwd },
      prompt: '',
      limits,
      about: { kind, command },
    }),
    {
      result: endSchema,
      reader: () => ({
        async finish({ status, endedBy }) {
          return { ok: true, result: { status, ...(endedBy === undefined ? {} : { endedBy }) } };
        },
      }),
    },
    {
      ...options,
      environment,
      beforeTry: async (one) => {
        const slot = await takeSlot(slots, one, options.signal);
        return { environment: { BLUEPRINT_SLOT: String(slot.number) }, ended: slot.giveBack };
      },
    },
  );
  return { call, source, ...result, outputPath: join(directory, String(tryNumber), 'stdout'), durationMs };
}

/** A draft may have removed the folder: that is an outcome of its check (126, as of what cannot be run), and no crash. */
const shellArguments = (command: string, folder: string | undefined): string[] =>
  folder === undefined
    ? ['-c', `exec 2>&1\n${command}`]
    : ['-c', `exec 2>&1\ncd -- "$1" || exit 126\nshift\n${command}`, 'sh', folder];
