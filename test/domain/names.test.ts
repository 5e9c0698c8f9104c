import { describe, expect, test } from '@jest/globals';
import {
  draftRef,
  featureBranch,
  featureNameProblem,
  featureWorkflowId,
  headRef,
  taskIdProblem,
  taskWorkflowId,
} from '../../src/domain/names.js';

describe('a feature name', () => {
  test.each(['dark-mode', 'a', '2fa', 'x'.repeat(64)])('%j is fine', (name) => {
    expect(featureNameProblem(name)).toBeUndefined();
  });

  test.each([
    ['', 'A feature needs a name, such as dark-mode.'],
    ['a/b', 'is not usable'],
    ['..', 'is not usable'],
    ['../../etc', 'is not usable'],
    ['Dark', 'is not usable'],
    ['-rf', 'is not usable'],
    ['a b', 'is not usable'],
    ['naïve', 'is not usable'],
    ['a\n', 'is not usable'],
    ['a\u001b[31m', 'is not usable'],
    ['dark-', 'ends with a hyphen'],
    ['x'.repeat(300), 'is 300 characters long; at most 64 are allowed'],
  ])('%j is refused in one sentence', (name, words) => {
    const problem = featureNameProblem(name);
    expect(problem).toContain(words);
    // No control character reaches a person's terminal.
    expect(problem).toMatch(/^[^\p{Cc}]+$/u);
  });
});

test('a task may not have the name of a gate, a ref, or of what every object has', () => {
  for (const id of ['spec', 'Plan', 'budget', 'result', 'head', 'constructor', 'toString'])
    expect(taskIdProblem(id)).toContain('reserved');
  expect(taskIdProblem('T001')).toBeUndefined();
});

test('names of workflows, branches and refs are made of the names that people know', () => {
  const workflow = featureWorkflowId('0a1b', 'dark-mode');
  expect(workflow).toBe('blueprint/0a1b/dark-mode');
  expect(taskWorkflowId(workflow, 'T003', 2)).toBe('blueprint/0a1b/dark-mode/T003/2');
  expect(featureBranch('dark-mode')).toBe('blueprint/dark-mode');
  expect(headRef('dark-mode')).toBe('refs/blueprint/dark-mode/head');
  expect(draftRef('dark-mode', 'T003', 4)).toBe('refs/blueprint/dark-mode/T003/4');
  expect(draftRef('dark-mode', 'T003', 4, 'gemini')).toBe('refs/blueprint/dark-mode/T003/4-gemini');
});
