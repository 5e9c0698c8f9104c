/** Reads a file that grows, line by line, holding no more than one line. */
import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { unlessMissing } from '../../../host/files.js';

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
  close(): Promise<void>;
}

/** @param path need not be there yet */
export function tailFile(path: string, onLine: (line: string) => void): Tail {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  const decoder = new StringDecoder('utf8');
  let file: FileHandle | undefined;
  let position = 0;
  let parts: string[] = [];
  let length = 0;
  let tooLong = false;
  let dropping = false;

  const add = (part: string): void => {
    if (dropping || part === '') return;
    length += part.length;
    if (length <= lineMaxLength) {
      parts.push(part);
      return;
    }
    parts = [];
    dropping = true;
    tooLong = true;
  };

  const endLine = (): void => {
    if (!dropping) onLine(parts.join(''));
    parts = [];
    length = 0;
    dropping = false;
  };

  const take = (text: string): void => {
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      add(text.slice(from, end));
      endLine();
      from = end + 1;
    }
    add(text.slice(from));
  };

  return {
    async read() {
      file ??= await openIfThere(path);
      if (file === undefined) return;
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, chunkBytes, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        take(decoder.write(buffer.subarray(0, bytesRead)));
      }
    },
    end() {
      take(decoder.end());
      if (length > 0 || dropping) endLine();
    },
    lineTooLong: () => tooLong,
    async close() {
      await file?.close();
      file = undefined;
    },
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
