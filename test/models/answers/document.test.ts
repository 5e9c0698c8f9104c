import { expect, test } from '@jest/globals';
import { documentOf } from '../../../src/models/answers/document.js';
import { openQuestions } from '../../../src/models/answers/questions.js';

const spec = '# A flag\n\n```sh\nlist --json\n```\n\n## Open questions\n\n- Which order?';

test.each([
  ['as it is', spec],
  ['in a block of Markdown', `\`\`\`markdown\n${spec}\n\`\`\``],
  ['in a longer block', `\n\`\`\`\`md\n${spec}\n\`\`\`\`\n\n`],
  ['with line ends of another system', `\`\`\`markdown\n${spec}\n\`\`\``.replaceAll('\n', '\r\n')],
])('a document is read %s, its questions too', (_, answer) => {
  expect(documentOf(answer)).toBe(`${spec}\n`);
  expect(openQuestions(documentOf(answer))).toEqual(['Which order?']);
});

test('a block without a language is taken off where it holds no other', () => {
  expect(documentOf('```\n# A flag\n```')).toBe('# A flag\n');
  const twoBlocks = '```\na\n```\nand\n```\nb\n```';
  expect(documentOf(twoBlocks)).toBe(`${twoBlocks}\n`);
});
