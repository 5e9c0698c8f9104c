import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { openScreen } from '../../src/cli/screen/screen.js';

function openOn(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
  const screen = openScreen(stream as unknown as NodeJS.WriteStream);
  return { screen, written: () => String(stream.read() ?? '') };
}

test('without a terminal there are plain lines only', () => {
  const { screen, written } = openOn(false);
  screen.live(['Executing tasks...']);
  screen.print(['[T001] Executing: \u001b[31mAdd']);
  screen.end();
  expect(written()).toBe('[T001] Executing: Add\n');
});

test('on a terminal, what is printed stays above what changes', () => {
  const { screen, written } = openOn(true);
  screen.live(['Executing tasks...']);
  screen.print(['[T001] Executing: Add']);
  const text = written();
  expect(text.indexOf('[T001] Executing: Add')).toBeLessThan(text.lastIndexOf('Executing tasks...'));
  screen.end();
  // The changing lines are taken away.
  expect(written()).toContain('\u001b[2K');
});
