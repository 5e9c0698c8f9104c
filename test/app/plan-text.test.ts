/** Plans as people edit them: what is written is what is read, and what is wrong has a place. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonText, markdownText, readEditedPlan, withoutRules } from '../../src/app/feature/plan-text.js';
import type { Plan, Task } from '../../src/domain/tasks/plan.js';

const task = (id: string, more: Partial<Task> = {}): Task => ({
  id,
  title: `Write ${id}`,
  description: 'Do it.',
  type: 'code',
  dependsOn: [],
  ...more,
});

const plan: Plan = {
  tasks: [task('T001', { type: 'architecture' }), task('T002', { dependsOn: ['T001'] })],
};

describe('as Markdown', () => {
  test('a plan that is left as it is comes back as it was, whatever its descriptions hold', () => {
    const words = fc.array(
      fc.constantFrom(
        '## T009 No task',
        '\\## escaped',
        '- type: none',
        '<!-- no comment -->',
        'a word',
        '',
        '  indented',
        '# One',
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), (texts) => {
        const tasks = texts.map((text, index) =>
          // Fields are told from a list by standing first.
          task(`T00${index}`, {
            description: ['Text.', ...text].join('\n').trim(),
            dependsOn: index > 1 ? ['T000', 'T001'] : [],
          }),
        );
        expect(readEditedPlan(markdownText({ tasks }, ['T000']), 'markdown')).toEqual({
          ok: true,
          plan: { tasks },
        });
      }),
    );
  });

  test('the rules stand above it, with the tasks that cannot be changed', () => {
    expect(markdownText(plan, ['T001'])).toMatch(
      /^<!--\n[\s\S]*neither to be changed nor removed: T001\.[\s\S]*-->\n\n## T001/,
    );
  });

  test('a task that is added by hand needs a heading and nothing else', () => {
    const text = `${markdownText(plan, [])}\n## T003 Say it in the README\n- after: T002\n`;
    expect(readEditedPlan(text, 'markdown')).toMatchObject({
      ok: true,
      plan: { tasks: [{}, {}, { id: 'T003', type: 'code', dependsOn: ['T002'], description: '' }] },
    });
  });

  test.each([
    ['## T001 A\n- type: cod\n', 'Line 2: there is no task type "cod"; there are architecture'],
    ['\nHello\n', 'Line 2: a task begins with `## ID Title`.'],
    ['## T001\n', 'Line 1: the task T001 has no title'],
    ['## T001 A\n\n## T002 B\n- after: T009\n', 'Task T002 depends on T009, which does not exist. (line 3)'],
    ['## T001 A\n\n## T001 B\n', 'The id T001 is used by more than one task. (line 3)'],
    ['', 'the plan has no tasks'],
  ])('a mistake is told with its place: %j', (text, problem) => {
    const read = readEditedPlan(text, 'markdown');
    expect(read.ok ? '' : read.problem).toContain(problem);
  });
});

describe('as JSON', () => {
  test('the rules above it are no part of it', () => {
    const json = `${JSON.stringify(plan, undefined, 2)}\n`;
    const text = jsonText(json, ['T001']);
    expect(text).toMatch(/^\/\/ .*\n[\s\S]*T001\.\n[\s\S]*\n\{\n/);
    expect(withoutRules(text)).toBe(json);
    expect(readEditedPlan(text)).toEqual({ ok: true, plan });
  });

  test('a mistake is told with the line that it has in the editor', () => {
    expect(readEditedPlan('// one\n// two\n{\n  "tasks": [,]\n}')).toMatchObject({
      problem: expect.stringContaining('line 4, column 13'),
    });
  });
});
