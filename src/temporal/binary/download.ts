/** The official download of the Temporal CLI. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import type { Environment } from '../../host/environment.js';
import { firstLineOf } from '../../host/reason.js';
import { cliVersion } from './find.js';

const officialBase = 'https://github.com/temporalio/cli/releases/download';

// Without a byte for so long, a download is stuck: it has no limit in all, since lines may be slow.
const stallMs = 30_000;

// Often enough to see that it goes on, seldom enough to be read.
const progressMs = 3_000;

/**
 * Downloads the release's archive, checks it against the release's checksums, and unpacks it.
 *
 * `BLUEPRINT_TEMPORAL_DOWNLOAD_URL` is another place with the same layout, such as a company's mirror.
 *
 * @param folder where to work
 * @returns the path of the command, in that folder
 */
export async function downloadBinary(
  folder: string,
  announce: (line: string) => void,
  env: Environment,
): Promise<string> {
  const base = (env.BLUEPRINT_TEMPORAL_DOWNLOAD_URL || officialBase).replace(/\/+$/, '');
  const release = `${base}/v${cliVersion}`;
  const name = archiveName();
  announce(`Downloading the Temporal CLI ${cliVersion} from ${release} ...`);
  try {
    const expected = await readChecksum(`${release}/checksums.txt`, name);
    const archive = join(folder, name);
    const actual = await downloadFile(`${release}/${name}`, archive, announce);
    if (actual !== expected) throw new Error('the archive is not the one that its checksum names');
    await execa('tar', ['-xzf', archive, '-C', folder, 'temporal']);
  } catch (error) {
    throw new Error(`the download from ${release} failed: ${downloadReason(error)}`, { cause: error });
  }
  return join(folder, 'temporal');
}

/** As the release's build names it: https://github.com/temporalio/cli/blob/main/.goreleaser.yml */
function archiveName(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  return `temporal_cli_${cliVersion}_${process.platform}_${architecture}.tar.gz`;
}

async function readChecksum(url: string, name: string): Promise<string> {
  const response = await request(url, AbortSignal.timeout(stallMs));
  const line = (await response.text()).split('\n').find((entry) => entry.trim().endsWith(name));
  const sum = /^[0-9a-f]{64}/.exec(line ?? '')?.[0];
  if (sum === undefined) throw new Error(`there is no ${name}`);
  return sum;
}

/** Streams the file to disk. Returns the SHA-256 of what came. */
async function downloadFile(url: string, path: string, announce: (line: string) => void): Promise<string> {
  const stalled = new AbortController();
  const restart = () =>
    setTimeout(() => stalled.abort(new Error(`nothing came for ${stallMs / 1000} s`)), stallMs);
  let timer = restart();
  try {
    const response = await request(url, stalled.signal);
    const total = Number(response.headers.get('content-length') ?? Number.NaN);
    const hash = createHash('sha256');
    let bytes = 0;
    let told = Date.now();
    const count = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        clearTimeout(timer);
        timer = restart();
        bytes += chunk.length;
        hash.update(chunk);
        if (Date.now() - told > progressMs) {
          told = Date.now();
          announce(`Downloading the Temporal CLI: ${megabytes(bytes)} of ${megabytes(total)} MB`);
        }
        yield chunk;
      }
    };
    const body = response.body === null ? Readable.from([]) : Readable.from(response.body);
    try {
      await pipeline(body, count, createWriteStream(path), { signal: stalled.signal });
    } catch (error) {
      throw stalled.signal.aborted
        ? stalled.signal.reason
        : new Error(`it broke off after ${megabytes(bytes)} of ${megabytes(total)} MB`, { cause: error });
    }
    return hash.digest('hex');
  } finally {
    clearTimeout(timer);
  }
}

async function request(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url} answered with HTTP status ${response.status}`);
  return response;
}

const megabytes = (bytes: number): string => (Number.isNaN(bytes) ? '?' : (bytes / 1e6).toFixed(1));

/** fetch says only "fetch failed" and keeps the reason in its cause. */
function downloadReason(error: unknown): string {
  const reason = firstLineOf(error);
  return reason === 'fetch failed' ? firstLineOf((error as Error).cause) : reason;
}
