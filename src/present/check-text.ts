/** What a check said, in the places where it is shown. Pure. */
import type { CheckResult } from '../domain/tasks/review.js';

type Verdict = 'passed' | 'flaky' | 'red as before' | 'failed';

const marks: Record<Verdict, string> = { passed: '✓', flaky: '✓', 'red as before': '-', failed: '✗' };

function verdictOf({ passed, flaky, redBefore }: CheckResult): Verdict {
  if (flaky === true) return 'flaky';
  if (passed) return 'passed';
  return redBefore ? 'red as before' : 'failed';
}

/** How it ended, where that says more than the verdict: ` (exit status 1)`. */
const how = (verdict: Verdict, { ended }: CheckResult): string => (verdict === 'passed' ? '' : ` (${ended})`);

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
