import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanLine, cleanText, jsonText } from '../../src/present/clean.js';

describe('text from models', () => {
  test('loses colours, titles and cursor movements, and keeps its words', () => {
    expect(cleanText('\u001b[31mred\u001b[0m \u001b]0;title\u0007and\u001b[2J \u001b[1;1Hhome')).toBe(
      'red and home',
    );
    expect(cleanText('a\u001bPq#0;2;0\u001b\\b')).toBe('ab');
    expect(cleanText('\u009b31mred')).toBe('red');
    expect(cleanText('\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\')).toBe('link');
  });

  test.each([
    ['\u001b[4:3m', 'a parameter with parts'],
    ['\u001b[>0c', 'a private parameter'],
    ['\u001b[1 q', 'an intermediate character'],
    ['\u001b[!p', 'a soft reset'],
    ['\u001b]0;two words\u0007', 'a title of two words'],
    ['\u009d0;title\u009c', 'a title by single controls'],
    ['\u001b_Gabc\u001b\\', 'an application’s command'],
  ])('loses %j, %s, as a whole', (sequence) => {
    expect(cleanText(`a${sequence}x`)).toBe('ax');
  });

  test('a string that never ends does not swallow the lines after it', () => {
    expect(cleanText('\u001b]0;title\nnext line')).toBe('\nnext line');
  });

  test('keeps tabs and lines, whatever their ends', () => {
    expect(cleanText('a\tb\r\nc\rd')).toBe('a\tb\nc\nd');
  });

  test('cannot turn the direction of text around', () => {
    expect(cleanText('a\u202eb\u2066c')).toBe('abc');
  });

  test('never holds a control character', () => {
    const nasty = fc.string({
      unit: fc.constantFrom('\u001b', '[', ']', ';', '\u0007', '\\', 'm', '\u009b', '0', '\n'),
    });
    fc.assert(
      fc.property(nasty, (text) => {
        expect(/(?![\t\n])\p{Cc}/u.test(cleanText(text))).toBe(false);
      }),
    );
  });

  test('fits on one line where one line is meant', () => {
    expect(cleanLine(' a\n\tb\u001b[1m ')).toBe('a b');
  });
});

test('JSON has no character that a terminal obeys', () => {
  const text = jsonText({ title: '\u001b[31m\u009b0m\u007f' });
  expect(/(?![\n])\p{Cc}/u.test(text)).toBe(false);
  expect(JSON.parse(text)).toEqual({ title: '\u001b[31m\u009b0m\u007f' });
});
