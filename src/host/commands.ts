/** Short commands that are run to their end and are told by their output. */
import { execa } from 'execa';

export interface Command {
  file: string;
  args: readonly string[];
  cwd: string;
  /** The whole environment. */
  env: Readonly<Record<string, string>>;
  input?: string | Uint8Array | undefined;
  /** Output beyond this many bytes is cut off, and the command ended. */
  maxBytes: number;
  timeoutMs: number;
}

export interface CommandEnd {
  /** Undefined when it could not be started, or was ended by a signal. */
  status: number | undefined;
  /** Why there is no status, such as ENOENT. */
  code: string | undefined;
  stdout: Uint8Array;
  stderr: Uint8Array;
  truncated: boolean;
  timedOut: boolean;
}

/** Runs a command in a child of this very process. Never rejects. */
export async function execute({ file, args, input, ...how }: Command): Promise<CommandEnd> {
  const ended = await execa(file, [...args], {
    cwd: how.cwd,
    env: how.env,
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    encoding: 'buffer',
    maxBuffer: how.maxBytes,
    timeout: how.timeoutMs,
    stripFinalNewline: false,
    reject: false,
  });
  return {
    status: ended.exitCode,
    code: ended.code,
    stdout: ended.stdout ?? new Uint8Array(),
    stderr: ended.stderr ?? new Uint8Array(),
    truncated: ended.isMaxBuffer,
    timedOut: ended.timedOut,
  };
}
