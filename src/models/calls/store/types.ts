/** The words of the call store: what a call is, how it ends, and who reads its output. */
import type * as z from 'zod';
import type { CallSource } from '../../../domain/journal/entries.js';
import type { CallError } from '../../errors.js';
import type { CallLimits, KeptLaunch } from './formats.js';

export type { CallLimits };

/**
 * How a call's process is started. Its environment is no part of it: that may hold keys, is made for each try, and is
 * never kept.
 */
export interface Launch extends Omit<KeptLaunch, 'madeAt'> {
  /** Given to the command on standard input. Kept beside the rest, in `prompt.md`. */
  prompt: string;
}

/** How a process came to its end, where it had one that says something. Stops and crashes are no such ends. */
export interface CallEnd {
  /** As a shell counts: 128 and the signal's number for one that a signal ended. */
  status: number;
  /** The limit that ended it, where one did; it outranks the status. */
  endedBy?: 'timeout' | 'inactive';
  /** The end of what it wrote to standard error, bounded. */
  stderrTail: string;
  /** A line of output was too long to be kept, and was left out. */
  lineTooLong: boolean;
}

/** Makes a result of one try's output. Each follower has its own, and sees the output from its beginning. */
export interface CallReader<T> {
  /** Is given each line of standard output in order. Without it the output is not read at all. */
  line?(line: string): void;
  /** Is asked once, when all processes of the try are gone. May be asked again by another follower. */
  finish(end: CallEnd): Promise<
    | { ok: true; result: T }
    /** `unreached`: it failed before it could cost anything, so it does not count among the tries. */
    | { ok: false; error: CallError; unreached?: boolean }
  >;
  /** Closes what it holds open. Always called, last. */
  close?(): void;
}

/** One try of a call: one process. */
export interface TryRef {
  /** The call directory's name. */
  call: string;
  /** The call directory: a real path. */
  callDirectory: string;
  /** From 1. */
  tryNumber: number;
}

/** What a call comes to. */
export interface CallAnswer<T> {
  /** The result as it is kept, and read again. */
  result: z.ZodType<T, T>;
  /** Makes a reader for a try's output. */
  reader(one: TryRef): CallReader<T>;
}

/** How a call is made and followed. */
export interface CallOptions {
  /** What the command is given. `BLUEPRINT_CALL` and `BLUEPRINT_TRY` are added to it. */
  environment: Record<string, string>;
  /** Aborted: detaches from the process, which runs on, and rejects with the signal's reason. */
  signal: AbortSignal;
  /**
   * Runs before a process is started for a try; what it throws is thrown, and nothing starts. May run more than once
   * for one try. From its return to the start nothing is waited for.
   */
  beforeTry?: ((one: TryRef) => Promise<TryBeginning | undefined>) | undefined;
  /** The clock that decides when a failed call may be tried again, in milliseconds. Default: `Date.now`. */
  now?: (() => number | Promise<number>) | undefined;
  /** Runs the wrapper. Default: `/bin/sh`. */
  wrapper?: WrapperShell | undefined;
}

/** What was made ready for a try. */
export interface TryBeginning {
  /** Added to what the command is given. */
  environment?: Record<string, string>;
  /** Runs when all processes of the try are gone, unless its follower is gone before. */
  ended(): Promise<void>;
}

export interface WrapperShell {
  shell: string;
  /** Before `-c`. */
  options: string[];
  script: string;
}

export interface FinishedCall<T> {
  /** The call directory's name. */
  call: string;
  /** Absolute. */
  directory: string;
  /** The try that gave the result, from 1. */
  tryNumber: number;
  source: CallSource;
  result: T;
  durationMs: number;
}
