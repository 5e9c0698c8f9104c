/** The official download of the Temporal CLI. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import type { Environment } from '../../host/environment.js';
import { firstLineOf } from '../../host/reason.js';
import type { Announce } from '../announce.js';
import type { CliRelease } from './release.js';

const officialBase = 'https://github.com/temporalio/cli/releases/download';

// Without a byte for so long, a download is stuck.
const stallMs = 30_000;

// 45 MB at 40 kB/s. On a slower line the other ways do not help either.
const downloadMs = 20 * 60_000;

// Measured: 1.5 s for 150 MB.
const unpackMs = 2 * 60_000;

// Often enough to see that it goes on, seldom enough to be read.
const progressMs = 3_000;

/**
 * Downloads the release's archive for this machine, checks it against its hash, and unpacks it.
 *
 * `BLUEPRINT_TEMPORAL_DOWNLOAD_URL` is another place with the same layout, such as a company's mirror.
 *
 * @param folder where to work
 * @returns the path of the command, in that folder
 * @throws Error that says why there is none, for the end of a sentence
 */
export async function downloadBinary(
  { version, archives }: CliRelease,
  folder: string,
  announce: Announce,
  env: Environment,
): Promise<string> {
  const base = (env.BLUEPRINT_TEMPORAL_DOWNLOAD_URL || officialBase).replace(/\/+$/, '');
  const release = `${base}/v${version}`;
  const machine = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const expected = archives[machine];
  if (expected === undefined) throw new Error(`there is no official download for ${machine}`);
  // As the release's build names it: https://github.com/temporalio/cli/blob/main/.goreleaser.yml
  const name = `temporal_cli_${version}_${machine}.tar.gz`;
  announce(`Downloading the Temporal CLI ${version} from ${release} ...`);
  try {
    const archive = join(folder, name);
    const actual = await downloadFile(`${release}/${name}`, archive, announce);
    if (actual !== expected) throw new Error('the archive is not the official one, its hash is another');
    await execa('tar', ['-xzf', archive, '-C', folder, 'temporal'], { timeout: unpackMs, stdin: 'ignore' });
  } catch (error) {
    throw new Error(`the download from ${release} failed: ${downloadReason(error)}`, { cause: error });
  }
  return join(folder, 'temporal');
}

/** Streams the file to disk. Returns the SHA-256 of what came. */
async function downloadFile(url: string, path: string, announce: Announce): Promise<string> {
  const stalled = new AbortController();
  const restart = () =>
    setTimeout(() => stalled.abort(new Error(`nothing came for ${stallMs / 1000} s`)), stallMs);
  let timer = restart();
  const signal = AbortSignal.any([stalled.signal, AbortSignal.timeout(downloadMs)]);
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Error(`${url} answered with HTTP status ${response.status}`);
    const total = Number(response.headers.get('content-length') ?? Number.NaN);
    const hash = createHash('sha256');
    let bytes = 0;
    let announcedAt = Date.now();
    const count = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        clearTimeout(timer);
        timer = restart();
        bytes += chunk.length;
        hash.update(chunk);
        if (Date.now() - announcedAt > progressMs) {
          announcedAt = Date.now();
          announce(`Downloading the Temporal CLI: ${megabytes(bytes)} of ${megabytes(total)} MB`);
        }
        yield chunk;
      }
    };
    const body = response.body === null ? Readable.from([]) : Readable.from(response.body);
    try {
      await pipeline(body, count, createWriteStream(path), { signal });
    } catch (error) {
      throw signal.aborted
        ? signal.reason
        : new Error(`it broke off after ${megabytes(bytes)} of ${megabytes(total)} MB`, { cause: error });
    }
    return hash.digest('hex');
  } finally {
    clearTimeout(timer);
  }
}

const megabytes = (bytes: number): string => (Number.isNaN(bytes) ? '?' : (bytes / 1e6).toFixed(1));

/** fetch says only "fetch failed" and keeps the reason in its cause. */
function downloadReason(error: unknown): string {
  const reason = firstLineOf(error);
  return reason === 'fetch failed' ? firstLineOf((error as Error).cause) : reason;
}
