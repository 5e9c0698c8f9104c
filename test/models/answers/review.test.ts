import { describe, expect, test } from '@jest/globals';
import { parseComparison, parseReview } from '../../../src/models/answers/review.js';

describe('a review is read', () => {
  test.each([
    ['{"approved": true, "feedback": "Fine.", "corrections": []}', true, 'Fine.', []],
    ['```json\n{"approved": false, "feedback": "", "corrections": ["a", " b "]}\n```', false, '', ['a', 'b']],
    ['My verdict {after all}: {"approved": "yes"}', true, '', []],
    ['{"approved": false, "feedback": "All wrong.", "corrections": null}', false, 'All wrong.', []],
    ['{"approved": false, "corrections": "Mend it."}', false, '', ['Mend it.']],
    [
      '{"approved": false, "corrections": [{"file": "a.js", "line": 3, "problem": "wrong", "note": null}]}',
      false,
      '',
      ['file: a.js; line: 3; problem: wrong'],
    ],
    ["{'approved': false, 'feedback': 'no', 'corrections': ['x',]}", false, 'no', ['x']],
    [
      '{"approved": true, "feedback": "a {\\"b\\": [}", "corrections": [], "confidence": 0.9}',
      true,
      'a {"b": [}',
      [],
    ],
  ])('%s', (text, approved, feedback, corrections) => {
    expect(parseReview(text)).toEqual({ ok: true, review: { approved, feedback, corrections } });
  });
});

describe('a review is refused', () => {
  test.each([
    ['Looks good to me!', 'The answer holds no JSON; an object with `approved`'],
    ['{"verdict": "approved"}', 'The answer holds no JSON'],
    ['{"approved": "perhaps"}', 'The review’s `approved` is neither true nor false.'],
    ['{"approved": null}', 'neither true nor false'],
    ['{"approved": false}', 'rejects and says neither why nor what to change'],
    ['{"approved": true, "feedback": 7}', 'The review is not valid: feedback: '],
    ['{"approved": true, "corrections": [7]}', 'The review is not valid: corrections.0: '],
    ['{"approved": true, "feedback": "Fi', 'The JSON ends before it is complete'],
  ])('%s', (text, problem) => {
    expect(parseReview(text)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });
});

describe('a comparison', () => {
  const labels = ['deepseek', 'gemini'];

  test('selects one of the drafts and says why', () => {
    expect(parseComparison('So: {"selected": "Gemini ", "reasoning": "It handles []."}', labels)).toEqual({
      ok: true,
      comparison: { selected: 'gemini', reasoning: 'It handles [].' },
    });
  });

  test.each(['{"selected": "both"}', '{"selected": 2}', 'gemini'])('that does not is refused: %s', (text) => {
    expect(parseComparison(text, labels).ok).toBe(false);
  });

  test('that selects something else is told what there is', () => {
    expect(parseComparison('{"selected": "both"}', labels)).toEqual({
      ok: false,
      problem: 'The comparison selects "both"; select one of deepseek, gemini.',
    });
  });
});
