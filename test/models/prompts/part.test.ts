import { describe, expect, test } from '@jest/globals';
import { fitParts, type Part } from '../../../src/models/prompts/part.js';

const piece = (name: string, rank: number, bytes: number) => ({
  name,
  rank,
  forms: [name.padEnd(bytes, '.')] as const,
});
const total = (texts: ReadonlyMap<string, string>) =>
  [...texts.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

test('what fits is whole, in its order', () => {
  const parts = new Map<string, Part>([['files', { pieces: [piece('b', 1, 10), piece('a', 0, 10)] }]]);
  expect(fitParts(parts, 22).get('files')).toBe(`${'b'.padEnd(10, '.')}\n\n${'a'.padEnd(10, '.')}`);
});

describe('what does not fit', () => {
  test('is left out by its rank, and named', () => {
    const parts = new Map<string, Part>([
      ['repository', { pieces: [piece('layout', 3, 4_000), piece('rules', 1, 4_000)] }],
      ['files', { pieces: [piece('named', 2, 4_000), piece('related', 4, 4_000)] }],
    ]);
    const texts = fitParts(parts, 12_000);
    expect(texts.get('repository')).toMatch(/^rules\.*\n\n\[Left out, because .*: layout\.\]$/);
    expect(texts.get('files')).toMatch(/^named\.*\n\n\[Left out, because .*: related\.\]$/);
  });

  test('gives way to a shorter form of itself', () => {
    const layout = { name: 'layout', rank: 0, forms: ['x'.repeat(9_000), 'y'.repeat(900)] as const };
    const texts = fitParts(new Map([['repository', { pieces: [layout] }]]), 5_000);
    expect(texts.get('repository')).toBe('y'.repeat(900));
  });

  test('of two drafts that are compared is as much of the one as of the other', () => {
    const draft = (name: string): Part => ({
      pieces: [1, 2, 3, 4].map((number) => piece(`${name}${number}`, 0, 2_000)),
    });
    const texts = fitParts(
      new Map([
        ['first', draft('a')],
        ['second', draft('b')],
      ]),
      11_100,
    );
    expect(texts.get('first')).toMatch(/a2[^a]*Left out, .*: a3, a4\.\]$/s);
    expect(texts.get('second')).toMatch(/b2[^b]*Left out, .*: b3, b4\.\]$/s);
  });

  test('is counted where it is too much to be named', () => {
    const pieces = Array.from({ length: 500 }, (_, index) => piece(`file-${index}`, 0, 1_000));
    const texts = fitParts(new Map([['files', { pieces, leftOut: ['already'] }]]), 1_600);
    expect(texts.get('files')).toMatch(/^\[Left out, .*file-19, 481 more\.\]$/);
    expect(total(texts)).toBeLessThanOrEqual(1_600);
  });
});

test.each([0, 2_000, 5_000, 20_000, 100_000])(
  'the parts together never have more than %d bytes, but for their notes',
  (room) => {
    const parts = new Map<string, Part>(
      ['a', 'b', 'c'].map((slot) => [
        slot,
        {
          pieces: Array.from({ length: 40 }, (_, index) => piece(`${slot}-é${index}`, index % 3, 37 * index)),
        },
      ]),
    );
    expect(total(fitParts(parts, room))).toBeLessThanOrEqual(Math.max(room, 3 * 1_500));
  },
);
