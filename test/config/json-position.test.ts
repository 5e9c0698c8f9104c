import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonProblem } from '../../src/config/json-position.js';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('finds no mistake in JSON, however it is written', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2, '\t'), (text, indent) => {
      expect(jsonProblem(JSON.stringify(JSON.parse(text), null, indent))).toBeUndefined();
    }),
  );
});

test('finds a mistake exactly where JSON.parse does', () => {
  const pieces = fc.array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-0.5e3',
      'true',
      ' ',
      '\n',
      "'",
      'x',
      '"',
      '01',
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('');
      expect(jsonProblem(text) === undefined).toBe(isJson(text));
    }),
    { numRuns: 3_000 },
  );
});

test('tells the line and the column', () => {
  expect(jsonProblem('{\n  "a": 1\n  "b": 2\n}')).toEqual({
    line: 3,
    column: 3,
    expected: 'a comma, or the closing bracket',
  });
  expect(jsonProblem('{"a": 1} x')).toEqual({ line: 1, column: 10, expected: 'the end of the file' });
});
