/** Briefs and specifications as people give them: from a file, as text, from a pipe. */

import { open, stat } from 'node:fs/promises';
import { isProblem, Problem } from '../domain/problem.js';
import { errorCode, isMissing, sizeText } from '../host/files.js';

export type BriefSource =
  | { kind: 'file'; path: string }
  | { kind: 'text'; text: string }
  /** Standard input, or anything else that yields bytes. */
  | { kind: 'stream'; stream: AsyncIterable<Uint8Array> };

/** A brief is read by people and goes into every prompt of its feature: what is longer is no brief. */
const briefMaxBytes = 1024 * 1024;

/**
 * Reads and checks a brief, or a specification in its place.
 *
 * @param noun what the text is called in problems: `brief` or `specification`
 * @returns the text without a byte order mark, its line ends as they came
 * @throws {Problem} when it is missing, a folder, unreadable, too long, binary, no UTF-8, or empty
 */
export async function readBrief(source: BriefSource, noun = 'brief'): Promise<string> {
  const name = source.kind === 'file' ? `The ${noun} ${source.path}` : `The ${noun}`;
  const bytes = await readBytes(source, name);
  if (bytes.length > briefMaxBytes) throw tooLong(name, sizeText(bytes.length));
  if (bytes.includes(0))
    throw new Problem('brief-unusable', `${name} is binary, not text; give a text in UTF-8.`);
  const text = decode(bytes, name);
  if (text === '') throw new Problem('brief-unusable', `${name} is empty; say what is to be built.`);
  if (text.trim() === '')
    throw new Problem('brief-unusable', `${name} holds nothing but spaces; say what is to be built.`);
  return text;
}

async function readBytes(source: BriefSource, name: string): Promise<Buffer> {
  if (source.kind === 'text') return Buffer.from(source.text);
  if (source.kind === 'stream') return collect(source.stream, name);
  try {
    const found = await stat(source.path);
    if (found.isDirectory()) throw new Problem('brief-unusable', `${name} is a folder; name a file.`);
    if (found.isFile() && found.size > briefMaxBytes) throw tooLong(name, sizeText(found.size));
    const handle = await open(source.path, 'r');
    // Read as a stream, since a named pipe, as of <(…) in a shell, has no size.
    return await collect(handle.createReadStream(), name);
  } catch (error) {
    if (isProblem(error)) throw error;
    throw unreadable(error, name);
  }
}

async function collect(stream: AsyncIterable<Uint8Array>, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > briefMaxBytes) throw tooLong(name, `more than ${sizeText(briefMaxBytes)}`);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Problem('brief-unusable', `${name} is not valid UTF-8; save it as UTF-8.`, { cause: error });
  }
}

const tooLong = (name: string, length: string): Problem =>
  new Problem(
    'brief-unusable',
    `${name} is ${length} long; at most ${sizeText(briefMaxBytes)} are taken. Shorten it, or put details into files of the repository and name them.`,
  );

function unreadable(error: unknown, name: string): Problem {
  if (isMissing(error)) return new Problem('brief-unusable', `${name} does not exist.`, { cause: error });
  const code = errorCode(error);
  if (code === 'EACCES' || code === 'EPERM')
    return new Problem('brief-unusable', `${name} cannot be read: permission denied.`, { cause: error });
  return new Problem('brief-unusable', `${name} cannot be read (${code ?? 'unknown error'}).`, {
    cause: error,
  });
}
