/**
 * The only place that runs git. Every command runs the same whatever the person's environment and configuration
 * say: no hooks, no signing, no prompts, no conversions, an identity of our own.
 */
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type GitEnd, Problem } from '../domain/problem.js';
import { runCommand } from '../host/runner.js';
import { freeLock, lockInTheWay } from './git-locks.js';

/** Where a git command works. Without `gitDir` git looks for the repository from `cwd` upwards. */
export interface GitPlace {
  cwd: string;
  /**
   * Named wherever it is known: a worktree's `.git` file may have been changed or lost, and git would then take the
   * next repository upwards. It also shows in the process list which repository a command works on.
   */
  gitDir?: string;
  workTree?: string;
}

interface GitOptions {
  input?: string | Uint8Array;
  env?: Readonly<Record<string, string>>;
  /** Exit statuses besides 0 that are answers and no errors. */
  okStatuses?: readonly number[];
  /** Reads the person's checkout, as the person's configuration (line ends, ignored files) has it. */
  asThePerson?: boolean;
  /** Output beyond this many bytes is cut off and `truncated` set. Without it, too much output is an error. */
  maxBytes?: number;
}

interface GitOutput {
  stdout: string;
  status: number;
  truncated: boolean;
}

/** A list of the paths of a very large repository takes some 10 MB. */
const outputLimit = 256 * 1024 * 1024;
/** A checkout of a very large repository, through filters, takes minutes. What takes longer is stuck. */
const commandTimeoutMs = 15 * 60_000;
/** Another git may hold a lock for as long as a large checkout takes; a stale one of ours is freed within seconds. */
const lockPatienceMs = 30_000;
const lockPollMs = 50;
const stderrLimit = 2_000;

/** Never run, ask or start anything of the person's. */
const quietConfig = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'commit.gpgSign': 'false',
  'log.showSignature': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'submodule.recurse': 'false',
  'core.quotePath': 'false',
  'color.ui': 'false',
  'rerere.enabled': 'false',
};

/** What is checked out, read and committed is byte for byte what the repository says, and all of it. */
const exactConfig = {
  'core.autocrlf': 'false',
  'core.eol': 'lf',
  'core.safecrlf': 'false',
  'core.excludesFile': '/dev/null',
  'core.attributesFile': '/dev/null',
  'core.sparseCheckout': 'false',
  'core.checkStat': 'default',
  'core.trustctime': 'true',
  'apply.whitespace': 'nowarn',
  'apply.ignoreWhitespace': 'no',
  'diff.renames': 'true',
  'merge.renames': 'true',
  'merge.renormalize': 'false',
  // Shows what both sides began from: whoever resolves a conflict, person or model, needs it.
  'merge.conflictStyle': 'diff3',
  'i18n.commitEncoding': 'UTF-8',
  'i18n.logOutputEncoding': 'UTF-8',
  'worktree.useRelativePaths': 'false',
  // A large checkout waits for the disk, file by file: several at once halve it, even on two cores. From a hundred
  // files on, by git's own threshold.
  'checkout.workers': '4',
};

/** An empty home has no identity, and a commit must not depend on who runs the worker. */
const identity = { name: 'Blueprint', email: 'blueprint@localhost' };

function environment(options: GitOptions): Record<string, string> {
  const config = Object.entries(options.asThePerson ? quietConfig : { ...quietConfig, ...exactConfig });
  // Whoever starts us from a git hook or alias has GIT_DIR, GIT_INDEX_FILE and others set, for another purpose.
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('GIT_'),
  );
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: 'C',
    LANGUAGE: '',
    // Looking at the checkout must not rewrite its index.
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'true',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'true',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
    GIT_CONFIG_COUNT: String(config.length),
    ...Object.fromEntries(
      config.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    ...options.env,
  };
}

/** The author's and committer's date, for a commit that is the same whenever it is made again. */
export const commitDate = (atMs: number): Record<string, string> => {
  const date = `@${Math.floor(atMs / 1_000)} +0000`;
  return { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
};

/**
 * Runs git. A lock in the way is waited for, and removed when it is ours and whoever made it is gone.
 *
 * @throws Problem when git is not there, ends with a status that is neither 0 nor in `okStatuses`, or prints
 *   more than is sensible
 */
export async function git(
  place: GitPlace,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitOutput> {
  const patientUntil = Date.now() + lockPatienceMs;
  for (;;) {
    const ended = await runOnce(place, args, options);
    if ('stdout' in ended) return ended;
    const lock = lockInTheWay(ended.stderr);
    if (lock === undefined) throw await problemOf(place, ended);
    if (Date.now() > patientUntil)
      throw new Problem(
        'git-lock',
        `The lock file ${lock} is in the way. When no other git works on the repository, remove the file and try again.`,
      );
    await freeLock(lock, place.gitDir);
    await delay(lockPollMs);
  }
}

async function runOnce(
  place: GitPlace,
  args: readonly string[],
  options: GitOptions,
): Promise<GitOutput | GitEnd> {
  const where = [
    ...(place.gitDir === undefined ? [] : [`--git-dir=${place.gitDir}`]),
    ...(place.workTree === undefined ? [] : [`--work-tree=${place.workTree}`]),
  ];
  const result = await runCommand({
    file: 'git',
    args: [...where, ...args],
    cwd: place.cwd,
    env: environment(options),
    input: options.input,
    maxBytes: options.maxBytes ?? outputLimit,
    timeoutMs: commandTimeoutMs,
  });
  const truncated = result.truncated && options.maxBytes !== undefined;
  const status = truncated ? 0 : result.status;
  if (status !== undefined && !result.timedOut && (status === 0 || options.okStatuses?.includes(status)))
    return { stdout: Buffer.from(result.stdout).toString('utf8'), status, truncated };
  const stderr = Buffer.from(result.stderr).toString('utf8');
  return {
    command: `git ${args[0] ?? ''}`,
    status: result.status,
    stderr: (stderr || (result.code ?? (result.timedOut ? 'timed out' : 'ended'))).slice(0, stderrLimit),
  };
}

async function problemOf(place: GitPlace, end: GitEnd): Promise<Problem> {
  if (end.stderr !== 'ENOENT') {
    const how = end.status === undefined ? '' : ` with exit status ${end.status}`;
    return new Problem('git-failed', `${end.command} failed${how}: ${end.stderr.trim()}`, end);
  }
  const folder = await stat(place.cwd).catch(() => undefined);
  return folder === undefined
    ? new Problem('folder-missing', `The folder ${place.cwd} does not exist.`)
    : new Problem('git-missing', 'git is not installed, or not on the PATH: install git 2.38 or later.');
}
