/** Where an answer is put while it comes: in the try's directory, whole or not at all. */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** No plan and no draft is as long; what is goes round in circles. */
export const answerMaxBytes = 8 * 1024 * 1024;

export const answerFile = 'answer.md';

/** Of the names in a try's directory: the files of answers that still come, one for each follower, dead ones too. */
export const answersToCome = (names: readonly string[]): string[] =>
  names.filter((name) => name.startsWith(`.${answerFile}.`));

export interface AnswerWriter {
  add(text: string): void;
  /** What was added before is not the answer: this is. */
  replace(text: string): void;
  bytes(): number;
  isBlank(): boolean;
  tooLong(): boolean;
  /** Puts the answer in its place, flushed to disk. */
  keep(): { sha256: string; bytes: number };
  /** Removes what was not kept. */
  discard(): void;
}

/**
 * Writes synchronously, a line's text at a time, so that an answer is never held whole. Each follower writes aside:
 * two of them make the same file.
 */
export function answerWriter(tryDirectory: string): AnswerWriter {
  const aside = join(tryDirectory, `.${answerFile}.${process.pid}.${randomBytes(4).toString('hex')}`);
  let file: number | undefined;
  let hash = createHash('sha256');
  let bytes = 0;
  let blank = true;

  const add = (text: string): void => {
    const data = Buffer.from(text);
    bytes += data.length;
    if (bytes > answerMaxBytes) return;
    blank &&= text.trim() === '';
    file ??= openSync(aside, 'wx', 0o600);
    hash.update(data);
    writeSync(file, data);
  };
  const discard = (): void => {
    if (file === undefined) return;
    closeSync(file);
    file = undefined;
    rmSync(aside, { force: true });
  };

  return {
    add,
    replace(text) {
      discard();
      hash = createHash('sha256');
      bytes = 0;
      blank = true;
      add(text);
    },
    bytes: () => bytes,
    isBlank: () => blank,
    tooLong: () => bytes > answerMaxBytes,
    keep() {
      if (file === undefined) throw new Error('There is no answer to keep.');
      fsyncSync(file);
      closeSync(file);
      file = undefined;
      renameSync(aside, join(tryDirectory, answerFile));
      return { sha256: hash.digest('hex'), bytes };
    },
    discard,
  };
}
