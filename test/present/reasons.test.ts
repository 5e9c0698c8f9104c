import { describe, expect, test } from '@jest/globals';
import { callErrorKinds } from '../../src/domain/models/call-errors.js';
import {
  because,
  briefly,
  type Reason,
  type ReasonCode,
  type ReasonParams,
} from '../../src/domain/reasons.js';
import type { RedCheck } from '../../src/domain/tasks/checks.js';
import { adviceText } from '../../src/present/model-reasons.js';
import { reasonHints, reasonLine, reasonText } from '../../src/present/reasons.js';

type Example<C extends ReasonCode> = [params: ReasonParams[C], sentence: string, ...hints: string[]];

const checks: RedCheck[] = [{ name: 'test', ended: { kind: 'exit', status: 1 } }];
const spent = because('budget-spent', { unit: 'calls', limit: 1, spent: 1 });
const at = Date.UTC(2025, 0, 31, 13);

/** For every code, with the sentence that a person is shown, and what can be typed. */
const examples: { [C in ReasonCode]: Example<C> } = {
  'spec-to-read': [{}, 'Read the specification; approve it, or reject it with a reason.'],
  'spec-questions': [
    { questions: 2 },
    'The specification leaves 2 questions open; approve with answers, or approve to go on with assumptions.',
    'Answer with `blueprint approve dark-mode spec -m TEXT`.',
  ],
  'spec-unusable': [{ text: 'spec.md is empty.' }, 'No specification found: spec.md is empty.'],
  'plan-ready': [{ tasks: 1 }, '1 task planned; approve, edit, or reject with a reason.'],
  'no-usable-plan': [
    { text: 'It has no tasks.', answer: 'calls/plan.1-aa/1/answer.md' },
    'No usable plan came after three answers: It has no tasks. The last answer is in calls/plan.1-aa/1/answer.md. Write the plan by hand and approve, or reject with a reason to have it made again.',
    '`blueprint edit dark-mode plan` opens tasks.json.',
  ],
  'plan-file-unusable': [{ text: 'There is no tasks.json.' }, 'There is no tasks.json.'],
  'revisions-used': [
    { of: 'plan', times: 2 },
    'The plan was made again 2 times, which is the most.',
    'Edit it by hand: blueprint edit dark-mode plan.',
  ],
  'result-breaks': [
    { checks },
    'The branch breaks test (exit status 1); reject with a reason to have it put right.',
  ],
  'result-still-red': [{ checks: ['lint'] }, 'All tasks are done. Red before and still red: lint.'],
  'result-unchecked': [{}, 'All tasks are done; no check was run, so the branch is unverified.'],
  'result-passes': [{}, 'All tasks are done and the checks pass.'],
  'budget-held': [
    { why: spent },
    'The budget of 1 call is used up: 1 call is spent.',
    'Raise it: blueprint raise-budget dark-mode --calls N, --tokens N or --usd N.',
  ],
  'manual-review': [{ why: because('person', { text: 'Look.' }) }, 'Manual review required: Look.'],
  stuck: [
    { waiting: ['T1'], failed: ['T2', 'T3'], stopped: [], blocked: ['T4'], budgetHeld: true },
    'The budget is used up; T1 waits for your decision; T2, T3 failed; T4 is blocked.',
    '`blueprint status dark-mode` shows what can be done.',
  ],
  'budget-spent': [{ unit: 'usd', limit: 1, spent: 1.2 }, 'The budget of $1.00 is used up: $1.20 are spent.'],
  'budget-short': [
    { unit: 'tokens', limit: 100, spent: 99, next: 2 },
    'The budget of 100 tokens does not reach for the next call: 99 tokens are spent or reserved, and it may need 2 tokens.',
  ],
  'call-failed': [
    { kind: 'auth', text: 'Claude: no key.', final: true },
    'Claude: no key. Log in to the model or set its key, then retry.',
    '`blueprint doctor` tells how.',
  ],
  'no-model': [
    { role: 'coder', why: because('races') },
    'No model can be coder: races by configuration.',
    '`blueprint doctor` tells what is missing.',
  ],
  'answer-unusable': [
    { purpose: 'correct', of: 'T001', text: 'It is empty.' },
    'The correction of T001 could not be used: It is empty.',
  ],
  unapproved: [{ checks, text: 'Begin at 1.' }, 'failing checks: test (exit status 1); Begin at 1.'],
  conflict: [
    { text: '<<<<<<<' },
    'The draft conflicts with what other tasks have put on the branch since:\n<<<<<<<',
  ],
  'breaks-branch': [
    { checks, text: '1 failed' },
    'On top of what other tasks have put on the branch since, the draft breaks: test (exit status 1)\n1 failed',
  ],
  'edit-breaks': [
    { checks },
    'What you changed breaks test (exit status 1). Change it again and approve, or approve once more to take it as it is.',
  ],
  'merge-breaks': [
    { into: 'main', checks, outputs: ['calls/merge-checks.1-aa/1/stdout'], directory: '/p' },
    'On main the checks do not pass, so nothing was changed: test (exit status 1). The output is in calls/merge-checks.1-aa/1/stdout below /p.',
  ],
  'setup-failed': [
    { check: { name: 'npm ci', ended: { kind: 'exit', status: 1 } }, text: 'no lockfile' },
    'npm ci does not work in a fresh worktree of the project (exit status 1), so nothing could be verified. Put it right, or name the commands in blueprint.config.json, and start the feature again.\nno lockfile',
  ],
  'stopped-by-person': [{}, 'Stopped by a person.'],
  'feature-stopped': [{}, 'The feature was stopped.'],
  person: [{ text: 'Use tabs.' }, 'Use tabs.'],
  problem: [{ problem: 'git-missing', text: 'git is not installed.' }, 'git is not installed.'],
  unforeseen: [{ text: 'x is not a function' }, 'x is not a function'],
  'first-choice': [
    { role: 'parser', contentChars: 9, maxChars: 10 },
    'first choice for parser, 9 characters fit its 10',
  ],
  'passed-over': [
    {
      passed: [
        { model: 'claude', why: { kind: 'quota', until: at, reported: true } },
        { model: 'gemini', why: { kind: 'quota', until: at, reported: false } },
        { model: 'deepseek', why: { kind: 'not-installed' } },
        { model: 'codex', why: { kind: 'author' } },
      ],
      ownReview: true,
    },
    'Claude has no quota left until 2025-01-31 13:00 UTC, Gemini has no quota left, and is asked again at 2025-01-31 13:00 UTC, DeepSeek is not installed, Codex is the author, no other model is available than the author',
  ],
  'none-fits': [
    { role: 'coder', contentChars: 70_000, passed: [{ model: 'gemini', why: { kind: 'not-available' } }] },
    'no available model can be coder for 70000 characters (Gemini is not available)',
  ],
  races: [{}, 'races by configuration'],
  'quota-first': [{}, 'no other model is left, and its quota is there first'],
  'answered-before': [{}, 'it answered this before'],
  'only-draft': [{}, 'it is the only draft'],
  'only-passing': [{}, 'the checks pass for this draft only'],
  'breaks-fewest': [
    { broke: 2 },
    'the checks pass for no draft, and this one breaks no more than the other (2); it is corrected',
  ],
  'judged-better': [{ text: 'It is shorter.' }, 'It is shorter.'],
  'stands-in': [
    {
      wanted: 'claude',
      why: { kind: 'not-available', problem: 'not on the PATH' },
      model: 'codex',
      roles: ['architect'],
    },
    'Claude is not available (not on the PATH): Codex stands in as architect.',
  ],
  'quota-wait': [
    { model: 'deepseek', until: at, purpose: 'draft', task: 'T001' },
    'DeepSeek has no quota left. Waiting until 2025-01-31 13:00 UTC (draft of T001).',
    '`blueprint resume` has it asked again at once.',
  ],
  'model-failed': [
    { model: 'deepseek', kind: 'auth', text: 'DeepSeek: no key.', final: true, rest: { kind: 'left-out' } },
    'DeepSeek failed: no key. Log in to the model or set its key, then retry. It is left out from here on.',
    '`blueprint doctor` tells how.',
    '`blueprint resume` or `retry` has it asked again.',
  ],
  'bad-answer': [
    { purpose: 'draft', model: 'gemini', text: 'It is empty.' },
    'The answer of Gemini could not be used (draft): It is empty.',
  ],
  'refinement-failed': [
    { why: because('plan-invalid', { text: 'It has no tasks.' }) },
    'Supervisor refinement failed, using original tasks: It has no tasks.',
  ],
  'race-goes-on': [
    { model: 'gemini', task: 'T001' },
    'Gemini waits for its quota; the race of T001 goes on without its draft.',
  ],
  'author-unknown': [
    { task: 'T001' },
    'git knows no user.name and user.email in the repository, so the commit of T001 names Blueprint as its author.',
  ],
  'draft-empty': [{ task: 'T001' }, 'The draft of T001 changes nothing.'],
  'rewind-failed': [
    { why: because('rewind-unplanned') },
    'The feature was not rewound: There is no approved plan yet, so there is nothing to put back.',
  ],
  'decision-late': [
    { decision: 'approved', gate: 'plan', number: 1, waits: 2 },
    'approved for opening 1 of the gate plan came too late: opening 2 is the one that waits.',
  ],
  'budget-gate': [
    {},
    'The gate budget is passed by a higher budget.',
    'Raise it: blueprint raise-budget dark-mode --calls N, --tokens N or --usd N. To end it instead: blueprint stop dark-mode.',
  ],
  'not-stoppable': [{ task: 'T9' }, 'Task T9 cannot be stopped: it is not in the plan.'],
  'not-allowed': [{ task: 'T1', state: 'done', action: 'retry' }, 'Task T1 is done and cannot be retried.'],
  'no-task': [{ task: 'T9' }, 'There is no task T9.'],
  'no-plan': [{}, 'There is no plan yet; its gate will ask for one.'],
  'plan-invalid': [{ text: 'It has no tasks.' }, 'It has no tasks.'],
  'task-settled': [{ task: 'T1', state: 'done', change: 'remove' }, 'Task T1 is done and cannot be removed.'],
  'rewind-unplanned': [{}, 'There is no approved plan yet, so there is nothing to put back.'],
  'rewind-under-way': [{}, 'The feature is being rewound already.'],
  'budget-unnamed': [
    {},
    'Say what the budget is to be, in calls, tokens or dollars.',
    'Raise it with --calls N, --tokens N or --usd N.',
  ],
  'budget-not-positive': [
    { unit: 'usd' },
    'The budget in dollars must be a number above 0.',
    'Raise it with --calls N, --tokens N or --usd N.',
  ],
  'budget-not-whole': [
    { unit: 'calls' },
    'The budget in calls must be a whole number.',
    'Raise it with --calls N, --tokens N or --usd N.',
  ],
  'budget-below-spent': [
    { unit: 'calls', limit: 9, spent: 9, named: true },
    'The budget in calls must be more than what is gone already: 9 calls are spent or reserved.',
    'Raise it with --calls N, --tokens N or --usd N.',
  ],
};

const all = Object.entries(examples).map(
  ([code, [params, sentence, ...hints]]) => [code, { code, params } as Reason, sentence, hints] as const,
);

test.each(all)(
  '%s is said in a sentence, and apart from it what can be typed',
  (_, reason, sentence, hints) => {
    expect(reasonText(reason)).toEqual(sentence);
    expect(reasonHints(reason, { feature: 'dark-mode' })).toEqual(hints);
  },
);

test('no sentence holds a command', () => {
  for (const [, reason] of all) expect(reasonText(reason)).not.toMatch(/blueprint [a-z]|--[a-z]/);
});

test('a line for a terminal has both', () => {
  const reason = because('no-model', { role: 'coder', why: because('races') });
  expect(reasonLine(reason, { feature: 'x' })).toBe(
    'No model can be coder: races by configuration. `blueprint doctor` tells what is missing.',
  );
});

test('a code that only a newer version knows is said in a few words', () => {
  const reason = { code: 'host-gone', params: { text: 'It is off.' } } as unknown as Reason;
  expect(reasonLine(reason, { feature: 'x' })).toBe('host gone: It is off.');
});

describe('Temporal’s own pages and failures', () => {
  test.each<[Reason, string]>([
    [because('plan-ready', { tasks: 4 }), 'plan ready: tasks 4'],
    [because('feature-stopped'), 'feature stopped'],
    [because('budget-held', { why: spent }), 'budget held: budget spent: unit calls, limit 1, spent 1'],
    [because('result-breaks', { checks }), 'result breaks: checks test'],
    [
      because('problem', { problem: 'git-missing', text: 'No git.' }),
      'problem: problem git-missing, No git.',
    ],
  ])('say a reason in a few words', (reason, words) => {
    expect(briefly(reason)).toBe(words);
  });

  test('stay short whatever a model said', () => {
    expect(briefly(because('person', { text: 'x'.repeat(10_000) })).length).toBeLessThan(400);
  });
});

test('every kind of failure tells the person something', () => {
  for (const kind of callErrorKinds) {
    expect(adviceText({ kind, final: false })).toMatch(/^[A-Z].*\.$/);
    expect(adviceText({ kind, final: true })).toMatch(/^[A-Z].*\.$/);
  }
});
