/** What a check said, in the places where it is shown. Pure. */
import type { CheckEnd, CheckResult, RedCheck } from '../domain/tasks/checks.js';

type Verdict = 'passed' | 'flaky' | 'red as before' | 'failed';

const marks: Record<Verdict, string> = { passed: '✓', flaky: '✓', 'red as before': '-', failed: '✗' };

function verdictOf({ passed, flaky, redBefore }: CheckResult): Verdict {
  if (flaky !== undefined) return 'flaky';
  if (passed) return 'passed';
  return redBefore ? 'red as before' : 'failed';
}

/** How a check ended, in words: `exit status 1`. */
export function endText(end: CheckEnd): string {
  switch (end.kind) {
    case 'exit':
      return `exit status ${end.status}`;
    case 'timeout':
      return `timed out after ${end.seconds} s`;
    case 'not-runnable':
      return `cannot be run, exit status ${end.status}`;
    case 'protected-files': {
      const more = end.more === 0 ? '' : ` and ${end.more} more`;
      return `changes ${end.paths.join(', ')}${more}, protected by the configuration and not named by the task: to be put back as it was`;
    }
  }
}

/** Red checks with how they ended: `test (exit status 1), lint (exit status 2)`. */
export const redText = (checks: readonly RedCheck[]): string =>
  checks.map(({ name, ended }) => `${name} (${endText(ended)})`).join(', ');

/** How it ended, where that says more than the verdict: ` (exit status 1)`. */
function how(verdict: Verdict, { ended, flaky }: CheckResult): string {
  if (flaky !== undefined) return ` (${endText(ended)} when run again, ${endText(flaky.ended)} before)`;
  return verdict === 'passed' ? '' : ` (${endText(ended)})`;
}

/** As a line of its own: `✗ Check failed: test (exit status 1)`. */
export function checkLine(check: CheckResult): string {
  const verdict = verdictOf(check);
  return `${marks[verdict]} Check ${verdict}: ${check.name}${how(verdict, check)}`;
}

/** Below a heading: `  ✗ test (exit status 1)`. */
export function checkItem(check: CheckResult): string {
  const verdict = verdictOf(check);
  const words = verdict === 'passed' || verdict === 'failed' ? '' : `: ${verdict}`;
  return `  ${marks[verdict]} ${check.name}${words}${how(verdict, check)}`;
}

/** In Markdown: `- [ ] test: failed (exit status 1)`. */
export function checkBox(check: CheckResult): string {
  const verdict = verdictOf(check);
  const words = verdict === 'passed' ? '' : `: ${verdict}`;
  return `- [${marks[verdict] === '✓' ? 'x' : ' '}] ${check.name}${words}${how(verdict, check)}`;
}
