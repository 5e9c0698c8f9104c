import { describe, expect, test } from '@jest/globals';
import { parsePlan } from '../../../src/models/answers/plan.js';

const tasks = [
  { id: 'T001', title: 'Add the flag', description: 'In src/list.js.', type: 'code', dependsOn: [] },
  { id: 'T002', title: 'Look at it', description: '', type: 'review', dependsOn: ['T001'] },
];
const json = JSON.stringify({ tasks });
const whole = { ok: true, plan: { tasks } };

describe('a plan is read', () => {
  test.each([
    ['as it should be', json],
    ['as a bare list', JSON.stringify(tasks)],
    ['under `plan`', JSON.stringify({ plan: { tasks } })],
    ['from a code fence', `\`\`\`json\n${json}\n\`\`\``],
    [
      'between prose',
      `Here are [2] tasks, in {curly} words:\n\n${json}\n\nTell me if you want "more" [details].`,
    ],
    ['with line ends of another system', JSON.stringify({ tasks }, null, 2).replaceAll('\n', '\r\n')],
    ['with single quotes and a trailing comma', `${json.replaceAll('"', "'").slice(0, -2)},]}`],
    ['with comments', json.replace('[', '[ // the tasks\n')],
    ['after a first thought', `{"tasks": [{"id": "X", "title": "Not this"}]}\nNo, rather:\n${json}`],
    ['with keys of other dialects', json.replaceAll('dependsOn', 'depends_on')],
    ['with dependencies by another name', json.replaceAll('dependsOn', 'dependencies')],
    ['with a dependency as a word', json.replace('["T001"]', '"T001"')],
    ['with a type in capitals', json.replace('"code"', '" Code "')],
    ['with more than was asked for', json.replace('"id":"T001"', '"id":"T001","estimate":"2h"')],
  ])('%s', (_, text) => {
    expect(parsePlan(text)).toEqual(whole);
  });

  test('with what may be missing: a type, a description, dependencies', () => {
    expect(parsePlan('{"tasks": [{"id": 1, "title": " A "}]}')).toEqual({
      ok: false,
      problem: expect.stringContaining('The task id "1" is not usable'),
    });
    expect(parsePlan('[{"id": "T1", "title": " A ", "description": null, "dependsOn": null}]')).toEqual({
      ok: true,
      plan: { tasks: [{ id: 'T1', title: 'A', description: '', type: 'code', dependsOn: [] }] },
    });
  });
});

describe('what is no plan is refused with a reason', () => {
  test.each([
    ['', 'The answer holds no JSON; an object with the list `tasks` is expected.'],
    ['I am sorry, I cannot do that.', 'The answer holds no JSON'],
    ['{"jobs": [1]}', 'The answer holds no JSON'],
    ['{"tasks": []}', 'The plan is not valid: the plan has no tasks.'],
    ['[]', 'The plan is not valid: the plan has no tasks.'],
    ['{"tasks": ["Add a flag"]}', 'Task 1 is not an object.'],
    ['{"tasks": [{"title": "A"}]}', 'Task 1 has no id; use one such as T001.'],
    ['{"tasks": [{"id": "T1"}]}', 'Task T1 has no title.'],
    ['{"tasks": [{"id": "T1", "title": "  "}]}', 'Task T1 has no title.'],
    [
      '{"tasks": [{"id": "T1", "title": "A", "type": "design"}]}',
      'Task T1 has the unknown type "design"; use architecture, boilerplate, code, review.',
    ],
    ['{"tasks": [{"id": "T1", "title": "A", "description": 7}]}', 'Task T1 is not valid: description: '],
    [
      '{"tasks": [{"id": "T1", "title": "A", "dependsOn": [{}]}]}',
      'has a `dependsOn` that is no list of ids',
    ],
    [
      '{"tasks": [{"id": "T1", "title": "A", "dependsOn": ["T9"]}]}',
      'Task T1 depends on T9, which does not exist.',
    ],
    ['[{"id": "T1", "title": "A"}, {"id": "T1", "title": "B"}]', 'The id T1 is used by more than one task.'],
    [
      '[{"id": "T1", "title": "A", "dependsOn": ["T2"]}, {"id": "T2", "title": "B", "dependsOn": ["T1"]}]',
      'in a circle: T1 → T2 → T1.',
    ],
    ['{"tasks": [{"id": "../x", "title": "A"}]}', 'The task id "../x" is not usable'],
  ])('%s', (text, problem) => {
    expect(parsePlan(text)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });

  test('wherever it was cut off: what is missing would be lost without a word', () => {
    for (let length = 1; length < json.length; length++)
      expect(parsePlan(json.slice(0, length))).toMatchObject({ ok: false });
    expect(parsePlan(json.slice(0, -20))).toEqual({
      ok: false,
      problem: 'The JSON ends before it is complete; an object with the list `tasks` is expected.',
    });
  });

  test('also when it is megabytes of brackets, in reasonable time', () => {
    const started = Date.now();
    expect(parsePlan('[ '.repeat(2_000_000))).toMatchObject({ ok: false });
    expect(parsePlan('[]x{}'.repeat(200_000))).toMatchObject({ ok: false });
    expect(Date.now() - started).toBeLessThan(10_000);
  });
});
