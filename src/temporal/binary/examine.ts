/** Whether a file is a Temporal CLI that we can run our server with. */
import { execa } from 'execa';
import { isOlder } from '../../host/version.js';

// The binary is 200 MB: on a cold, busy disk its first start takes seconds.
const versionTimeoutMs = 30_000;

/** The oldest server that our tests run on. */
const oldestServer = '1.29.0';

/** A Temporal CLI and the version of the server in it. */
export interface TemporalBinary {
  path: string;
  /** Such as 1.29.1. */
  version: string;
}

/** The command with its server's version, or what is wrong with it, as words that follow its path. */
export async function examineBinary(path: string): Promise<TemporalBinary | { problem: string }> {
  const result = await execa(path, ['--version'], {
    timeout: versionTimeoutMs,
    stdin: 'ignore',
    reject: false,
    maxBuffer: 10_000,
  });
  if (result.failed) return { problem: `does not run (${result.code ?? `exit status ${result.exitCode}`})` };
  // temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)
  const version = /\(Server (\d+\.\d+\.\d+)/.exec(result.stdout)?.[1];
  if (version === undefined) return { problem: 'is not the Temporal CLI, or a very old one' };
  if (isOlder(version, oldestServer))
    return { problem: `has server ${version}, and ${oldestServer} or later is needed` };
  return { path, version };
}
