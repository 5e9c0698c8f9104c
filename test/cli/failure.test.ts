import { describe, expect, test } from '@jest/globals';
import { readEditedPlan } from '../../src/app/feature/plan-text.js';
import { tell } from '../../src/cli/failure.js';
import { Problem } from '../../src/domain/problem.js';
import { CallError } from '../../src/models/errors.js';

describe('an error on the command line', () => {
  test('that is known is its own sentence', () => {
    expect(tell(new Problem('file-in-the-way', 'It is there already.'))).toEqual({
      message: 'It is there already.',
      status: 1,
    });
    expect(tell(new Problem('usage', 'One brief only.'))).toEqual({ message: 'One brief only.', status: 2 });
  });

  test('of a call comes with what to do about it', () => {
    const { message } = tell(new CallError({ kind: 'auth', message: 'Not logged in.' }));
    expect(message).toMatch(/^Not logged in\. Log in/);
  });

  test('that nobody expected is one line, and says where to look', () => {
    const { message, status } = tell(new TypeError('x is not a function\n    at y'));
    expect(message).toBe('Blueprint failed: x is not a function. Set BLUEPRINT_DEBUG=1 to see where.');
    expect(status).toBe(1);
  });

  test('never carries escape sequences', () => {
    expect(tell(new Problem('file-in-the-way', 'bad \u001b[31mthing')).message).toBe('bad thing');
  });

  test('at a question that was left with Ctrl+C says nothing', () => {
    const left = Object.assign(new Error('User force closed the prompt'), { name: 'ExitPromptError' });
    expect(tell(left)).toEqual({ message: '', status: 130 });
  });
});

describe('a plan that a person edited', () => {
  const task = { id: 'T001', title: 'Add', description: '', type: 'code', dependsOn: [] };

  test('is taken when it is a plan', () => {
    expect(readEditedPlan(JSON.stringify({ tasks: [task] }))).toEqual({ ok: true, plan: { tasks: [task] } });
  });

  test('that is no JSON says the line and the column', () => {
    const read = readEditedPlan('{\n  "tasks": [,]\n}');
    expect(read.ok ? '' : read.problem).toContain('line 2, column 13');
  });

  test('that depends on nothing there names both tasks', () => {
    const read = readEditedPlan(JSON.stringify({ tasks: [{ ...task, dependsOn: ['T009'] }] }));
    expect(read.ok ? '' : read.problem).toBe('Task T001 depends on T009, which does not exist.');
  });
});
