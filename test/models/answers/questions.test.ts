import { describe, expect, test } from '@jest/globals';
import { openQuestions } from '../../../src/models/answers/questions.js';

describe('the open questions of a specification', () => {
  test.each([
    '## Open questions',
    '# OPEN QUESTIONS',
    '### 7. Open Questions:',
    '**Open questions**',
    '## Open questions ##',
  ])('are found under %s', (heading) => {
    expect(openQuestions(`# A\n\ntext\n\n${heading}\n\n- Which colour?\n- How many?\n`)).toEqual([
      'Which colour?',
      'How many?',
    ]);
  });

  test.each([
    ['bullets', '* One?\n* Two?'],
    ['numbers', '1. One?\n2) Two?'],
    ['boxes', '- [ ] One?\n- [x] Two?'],
    ['an indented list', '  - One?\n  - Two?'],
    ['paragraphs', 'One?\n\nTwo?'],
    ['line ends of another system', '- One?\r\n- Two?\r\n'],
  ])('can be written as %s', (_, text) => {
    expect(openQuestions(`## Open questions\n${text}`)).toEqual(['One?', 'Two?']);
  });

  test('keep what belongs to them', () => {
    const text =
      '- Which colour?\n  I would take blue.\n  - or green\n\n  It matters.\n- How many?\ncontinued';
    expect(openQuestions(`## Open questions\n\n${text}`)).toEqual([
      'Which colour? I would take blue. - or green It matters.',
      'How many? continued',
    ]);
  });

  test('end at the next heading of their level; a lower one only divides them', () => {
    const text = '## Open questions\n### Format\n- One?\n### Names\n- Two?\n## Answers\n- No question.';
    expect(openQuestions(text)).toEqual(['One?', 'Two?']);
  });

  test('are those under the last such heading, and not in code', () => {
    const code = '```md\n## Open questions\n- Not this?\n```';
    expect(openQuestions(`## Open questions\n- Old?\n\n## Open questions\n- New?\n\n${code}`)).toEqual([
      'New?',
    ]);
    expect(openQuestions(code)).toEqual([]);
  });

  test.each([
    'None',
    'None.',
    '- None',
    '*None.*',
    'None - all is decided.',
    'N/A',
    'No open questions.',
    'There are no open questions.',
    'None at this time.',
    '',
  ])('are none where it says %j', (text) => {
    expect(openQuestions(`## Open questions\n\n${text}\n`)).toEqual([]);
  });

  test.each([
    'None of the flags may change?',
    'Nothing is said of Windows: does it matter?',
    'No default is given; which one?',
  ])('are not overlooked: %s', (text) => {
    expect(openQuestions(`## Open questions\n\n- ${text}\n`)).toEqual([text]);
  });

  test('are none in a specification without the heading', () => {
    expect(openQuestions('# A\n\nOpen questions are good.')).toEqual([]);
  });
});
