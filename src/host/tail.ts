/** Files that grow, read line by line as they grow, without holding more than one line. */
import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { unlessMissing } from './files.js';

/** The longest line that is kept, in characters. No event of a model is as long; one that is must not fill the memory. */
const lineMaxLength = 8 * 1024 * 1024;

const chunkBytes = 64 * 1024;

export interface Tail {
  /** Reads what is there by now. A line is given when its end is seen. */
  read(): Promise<void>;
  /** Gives the last line, if it has no end: nothing comes any more. */
  end(): void;
  /** A line was longer than is kept, and was left out. */
  lineTooLong(): boolean;
}

/**
 * Follows one file from its beginning.
 *
 * @param path need not be there yet
 */
export function tailFile(path: string, onLine: (line: string) => void): Tail {
  const lines = lineSplitter(onLine);
  let position = 0;
  return {
    async read() {
      position = await readFrom(path, position, lines.add);
    },
    end: lines.end,
    lineTooLong: lines.lineTooLong,
  };
}

/**
 * Gives all that a file holds from a position on, in pieces. Nothing where there is no such file.
 *
 * @param position in bytes
 * @param onBytes is given a buffer that is used again for the next piece
 * @returns the position behind what was given
 */
export async function readFrom(
  path: string,
  position: number,
  onBytes: (bytes: Buffer) => void,
): Promise<number> {
  const file = await openIfThere(path);
  if (file === undefined) return position;
  try {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    for (let at = position; ; ) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, at);
      if (bytesRead === 0) return at;
      at += bytesRead;
      onBytes(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

export interface LineSplitter {
  add(bytes: Buffer): void;
  /** Gives the last line, if it has no end. */
  end(): void;
  /** The beginning of the line whose end has not come yet. */
  rest(): string;
  lineTooLong(): boolean;
}

/**
 * Makes lines of UTF-8 bytes, wherever these were cut.
 *
 * @param pieceLength a line that is longer, in characters, is given in pieces, as it comes. Absent: lines are given
 *   whole, and one of over 8 Mi characters is left out
 */
export function lineSplitter(onLine: (line: string) => void, pieceLength?: number): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let length = 0;
  let tooLong = false;
  let dropping = false;

  const give = (): void => {
    if (!dropping) onLine(parts.join(''));
    parts = [];
    length = 0;
    dropping = false;
  };

  const addPart = (part: string): void => {
    if (dropping || part === '') return;
    length += part.length;
    parts.push(part);
    if (pieceLength !== undefined || length <= lineMaxLength) return;
    parts = [];
    dropping = true;
    tooLong = true;
  };

  const addText = (text: string): void => {
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      addPart(text.slice(from, end));
      give();
      from = end + 1;
    }
    addPart(text.slice(from));
    if (pieceLength !== undefined && length > pieceLength) give();
  };

  return {
    add: (bytes) => addText(decoder.write(bytes)),
    end() {
      addText(decoder.end());
      if (length > 0 || dropping) give();
    },
    rest: () => parts.join(''),
    lineTooLong: () => tooLong,
  };
}

/** The end of a file as text, at most `bytes` of it; empty where there is no such file. */
export async function readEnd(path: string, bytes: number): Promise<string> {
  const file = await openIfThere(path);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - bytes);
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

const openIfThere = (path: string): Promise<FileHandle | undefined> => unlessMissing(open(path, 'r'));
