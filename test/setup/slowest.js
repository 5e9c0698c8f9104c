// @ts-check
/** Prints, after each run, which test files and which tests took longest: what became slow is seen at once. */
import { relative } from 'node:path';

const shown = 10;

export default class Slowest {
  /** @type {{ ms: number, what: string }[]} */
  files = [];
  /** @type {{ ms: number, what: string }[]} */
  tests = [];

  /**
   * @param {import('@jest/reporters').Test} test
   * @param {import('@jest/reporters').TestResult} result
   */
  onTestFileResult(test, result) {
    const file = relative(test.context.config.rootDir, test.path);
    this.files.push({ ms: result.perfStats.end - result.perfStats.start, what: file });
    for (const { duration, fullName } of result.testResults)
      this.tests.push({ ms: duration ?? 0, what: `${file}: ${fullName}` });
  }

  onRunComplete() {
    print('files', this.files);
    print('tests', this.tests);
  }
}

/**
 * @param {string} kind
 * @param {{ ms: number, what: string }[]} all
 */
function print(kind, all) {
  const slowest = all
    .filter(({ ms }) => ms >= 100)
    .sort((a, b) => b.ms - a.ms)
    .slice(0, shown);
  const lines = slowest.map(({ ms, what }) => `${(ms / 1000).toFixed(1).padStart(7)} s  ${what}`);
  process.stderr.write(`\nThe slowest ${kind}:\n${lines.join('\n')}\n`);
}
