/** Where text goes: data on standard output, everything else on standard error. */
import { cleanText, jsonText } from '../present/clean.js';

/** Lines of data. */
export function print(...lines: string[]): void {
  for (const line of lines) process.stdout.write(`${cleanText(line)}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${jsonText(value)}\n`);
}

/** Lines for the person at the terminal. */
export function note(...lines: string[]): void {
  for (const line of lines) process.stderr.write(`${cleanText(line)}\n`);
}

/** Whether a person can be asked something. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;
