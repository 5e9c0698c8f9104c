import { expect, test } from '@jest/globals';
import { type CheckResult, protectedFilesFinding } from '../../src/domain/tasks/checks.js';
import { checkBox, checkItem, checkLine, endText, redText } from '../../src/present/check-text.js';

const check: CheckResult = {
  ...{ name: 'test', passed: true, redBefore: false, output: 'o', durationMs: 1 },
  ended: { kind: 'exit', status: 0 },
};
const red: CheckResult = { ...check, passed: false, ended: { kind: 'exit', status: 1 } };
const flaky: CheckResult = { ...check, flaky: { ended: { kind: 'timeout', seconds: 5 }, output: 'r' } };

test.each([
  [{ kind: 'exit', status: 1 }, 'exit status 1'],
  [{ kind: 'timeout', seconds: 600 }, 'timed out after 600 s'],
  [{ kind: 'not-runnable', status: 127 }, 'cannot be run, exit status 127'],
] as const)('an end %j is %s', (end, text) => {
  expect(endText(end)).toBe(text);
});

test.each([
  [check, '✓ Check passed: test'],
  [red, '✗ Check failed: test (exit status 1)'],
  [{ ...red, redBefore: true }, '- Check red as before: test (exit status 1)'],
  [flaky, '✓ Check flaky: test (exit status 0 when run again, timed out after 5 s before)'],
])('a check is told by its verdict, and how it ended where that says more', (result, line) => {
  expect(checkLine(result)).toBe(line);
});

test('below a heading and in Markdown it is the same, shorter', () => {
  expect([check, red, flaky].map(checkItem)).toEqual([
    '  ✓ test',
    '  ✗ test (exit status 1)',
    '  ✓ test: flaky (exit status 0 when run again, timed out after 5 s before)',
  ]);
  expect([check, red].map(checkBox)).toEqual(['- [x] test', '- [ ] test: failed (exit status 1)']);
});

test('edits of protected files are named, a bounded number of them', () => {
  const edits = Array.from({ length: 30 }, (_, index) => `t${index}.js`);
  expect(redText([...protectedFilesFinding(['ci.yml', 'a.js']), red])).toBe(
    'protected-files (changes ci.yml, a.js, protected by the configuration and not named by the task: to be put back as it was), test (exit status 1)',
  );
  expect(redText(protectedFilesFinding(edits))).toContain('t9.js and 20 more, protected');
});
