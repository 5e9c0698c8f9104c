/** JSON as a person writes it: with comments, and where it stops being JSON. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJsonText } from '../../src/domain/json-text.js';

test('is what JSON.parse makes of it, however it is written', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2, '\t'), (text, indent) => {
      const value: unknown = JSON.parse(text);
      expect(again(JSON.stringify(value, null, indent))).toBe(JSON.stringify(value));
    }),
  );
});

test('may have comments, and a comma behind the last item', () => {
  const text = `// Of this project.
{
  "maxIterations": 1, // few
  /* The checks
     are slow. */
  "checks": [],
}`;
  expect(again(text)).toBe('{"maxIterations":1,"checks":[]}');
});

test.each([
  ['', 1, 1, 'a value is expected there'],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a comma, or the closing bracket, is expected there'],
  ['{"a": 1} x', 1, 10, 'the end of the file is expected there'],
  ["{'a': 1}", 1, 2, 'a key in double quotes is expected there'],
  ['{\n  a: 1\n}', 2, 3, 'a key in double quotes is expected there'],
  ['{"a" 1}', 1, 6, 'a colon is expected there'],
  ['{"a": yes}', 1, 7, 'a value is expected there'],
  ['{"a": 1', 1, 8, 'a closing } is expected there'],
  ['[1', 1, 3, 'a closing ] is expected there'],
  ['{"a": "b\n}', 1, 7, 'the text has no closing quote'],
  ['{"a": "\\q"}', 1, 7, 'the text has an escape that JSON does not have'],
  ['{"a": 1.}', 1, 7, 'the number is not complete'],
  ['/* open', 1, 1, 'the comment has no end'],
])('%j is not valid at line %d, column %d: %s', (text, line, column, problem) => {
  expect(parseJsonText(text)).toEqual({
    ok: false,
    problem: `is not valid JSON at line ${line}, column ${column}: ${problem}.`,
  });
});

test('of pieces of JSON is taken as JSON.parse takes it, but for a last comma', () => {
  const words = ['{', '}', '[', ']', ':', '"a"', '1', '-0.5e3', 'true', ' ', '\n', "'", 'x', '"', '01'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words, ','), { maxLength: 8 }), (parts) => {
      const text = parts.join('');
      const read = again(text);
      const isLastComma = /,\s*[}\]]/.test(text) && jsonOf(text) === undefined;
      if (read === undefined || !isLastComma) expect(read).toBe(jsonOf(text));
    }),
    { numRuns: 3_000 },
  );
});

/** As `JSON.stringify` writes it again; undefined for what is not JSON. */
function again(text: string): string | undefined {
  const read = parseJsonText(text);
  return read.ok ? JSON.stringify(read.value) : undefined;
}

function jsonOf(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}
