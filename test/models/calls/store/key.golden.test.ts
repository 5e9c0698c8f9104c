/**
 * The names of call directories, as the workflows' keys make them. A name that changes here is a call that every
 * feature in progress makes and pays for again: change one only with the version of its inputs.
 */
import { expect, test } from '@jest/globals';
import {
  type Ask,
  baselineCall,
  type CallKey,
  checksCall,
  compareCall,
  correctCall,
  draftCall,
  integrateCall,
  manualChecksCall,
  mergeChecksCall,
  planCall,
  refineCall,
  resultChecksCall,
  reviewCall,
  specCall,
  stepCall,
} from '../../../../src/domain/calls/call-key.js';
import { because } from '../../../../src/domain/reasons.js';
import type { FileReference } from '../../../../src/domain/references.js';
import type { CheckResult } from '../../../../src/domain/tasks/checks.js';
import type { TaskContext } from '../../../../src/domain/tasks/draft.js';
import type { Task } from '../../../../src/domain/tasks/plan.js';
import { callDirectoryName } from '../../../../src/models/calls/store/key.js';

const file = (name: string): FileReference => ({ path: `${name}.md`, sha256: name.repeat(8), bytes: 8 });
const commit = (digit: string): string => digit.repeat(40);

const ask: Ask = { model: 'claude', ask: 1 };
const again: Ask = { model: 'codex', ask: 2, previous: { answer: file('bad'), problem: 'No file.' } };
const task: Task = {
  ...{ id: 'T003', title: 'Add it', description: 'Add it all.', type: 'code', dependsOn: ['T001'] },
};
const context: TaskContext = {
  ...{ spec: file('spec'), notes: [file('note')], checkCommands: ['npm test'] },
  ...{ featureBase: commit('1'), base: commit('2') },
};
const work = { task, attempt: 2, context };
const draft = { commit: commit('3'), base: commit('2'), files: ['a.ts'], outputs: [file('a')] };
const red: CheckResult = {
  ...{ name: 'test', passed: false, redBefore: false, output: 'calls/T003-checks.2-0/1/stdout' },
  ...{ ended: { kind: 'exit', status: 1 }, durationMs: 5 },
};
const correct = {
  from: draft,
  findings: { review: file('review'), checks: [red], reason: because('person', { text: 'Not so.' }) },
};
const drafts = ['claude', 'codex'].map((label) => ({ label, draft: { ...draft, label }, checks: [] }));
const step = { kind: 'check', name: 'test', command: 'npm test', commit: commit('3') } as const;

const keys: [CallKey, string][] = [
  [specCall(ask, 1, { brief: file('brief') }), 'spec.1-ac7532e2'],
  [
    specCall(ask, 2, { brief: file('brief'), rejected: { spec: file('spec'), reason: 'Too long.' } }),
    'spec.2-2ba0a283',
  ],
  [planCall(ask, 1, { spec: file('spec') }), 'plan.1-bef83ee9'],
  [planCall(again, 1, { spec: file('spec') }), 'plan.1-055fdc54'],
  [refineCall(ask, 1, { spec: file('spec'), plan: { tasks: [task] } }), 'refine.1-656401a0'],
  [draftCall(ask, work), 'T003-draft.2-0441821e'],
  [draftCall(ask, { ...work, label: 'claude' }), 'T003-draft-claude.2-0441821e'],
  [correctCall(ask, { ...work, correct }), 'T003-correct.2-f5e1601c'],
  [
    reviewCall(ask, {
      ...work,
      draft,
      checks: [red],
      reason: because('person', { text: 'Not so.' }),
      earlier: file('review'),
    }),
    'T003-review.2-f0050a4d',
  ],
  [reviewCall(ask, { ...work, checks: [] }), 'T003-review.2-d2af3bb6'],
  [compareCall(ask, { ...work, drafts }), 'T003-compare.2-5355bc55'],
  [stepCall(baselineCall(1, commit('1')), { ...step, turn: 1 }), 'baseline.1-36e12b95'],
  [stepCall(checksCall(work, commit('3')), { ...step, kind: 'setup', turn: 1 }), 'T003-checks.2-d9c27ce2'],
  [stepCall(checksCall(work, commit('3')), { ...step, turn: 1 }), 'T003-checks.2-1b26a106'],
  [
    stepCall(checksCall({ ...work, label: 'claude' }, commit('3')), { ...step, folder: 'web', turn: 2 }),
    'T003-checks-claude.2-326b6bf7',
  ],
  [stepCall(manualChecksCall(task, 4, commit('3')), { ...step, turn: 1 }), 'T003-manual-checks.4-1b26a106'],
  [
    stepCall(integrateCall(work, { base: commit('2'), draft: commit('3') }), { ...step, turn: 1 }),
    'T003-integrate.2-f929ffe7',
  ],
  [stepCall(resultChecksCall(1, commit('4')), { ...step, turn: 1 }), 'result-checks.1-cc649fbf'],
  [stepCall(mergeChecksCall(1, commit('4')), { ...step, turn: 1 }), 'merge-checks.1-cc649fbf'],
];

test('each call has the directory that it has always had', () => {
  expect(keys.map(([key]) => callDirectoryName(key))).toEqual(keys.map(([, name]) => name));
});

test('what a text says is not in a key, only which text it is: keys stay small', () => {
  const long = 'x'.repeat(100_000);
  const key = correctCall(ask, {
    ...{ ...work, task: { ...task, description: long } },
    correct: { ...correct, findings: { ...correct.findings, reason: because('person', { text: long }) } },
  });
  expect(JSON.stringify(key).length).toBeLessThan(1_000);
});
