import { expect, test } from '@jest/globals';
import { callErrorHandling, callErrorKinds } from '../../src/domain/models/call-errors.js';
import { CallError, withoutSecrets } from '../../src/models/errors.js';

test.each(callErrorKinds)(
  'another attempt at a call that failed with %s is made where it may help',
  (kind) => {
    const failure = { kind, message: 'No.' };
    const { retryable } = callErrorHandling[kind];
    expect(new CallError(failure).final).toBe(!retryable);
    expect(new CallError(failure, { retryInMs: 5 })).toMatchObject({ final: !retryable, retryInMs: 5 });
    // Its tries are used up.
    expect(new CallError(failure, 'final')).toMatchObject({ final: true, retryInMs: undefined });
  },
);

test('the reason that is kept of an error has no evidence in it', () => {
  const error = new CallError({ kind: 'quota', message: 'Used up', detail: 'secret', resetAt: 7 });
  expect(error.reason).toEqual({
    code: 'call-failed',
    params: { kind: 'quota', text: 'Used up.', resetAt: 7, final: true },
  });
});

test('long messages and long evidence are cut', () => {
  const error = new CallError({
    kind: 'crashed',
    message: 'm'.repeat(5_000),
    detail: `${'d'.repeat(9_000)}end`,
  });
  expect(error.message).toHaveLength(1_000);
  expect(error.detail).toHaveLength(4_000);
  expect(error.detail).toMatch(/end$/);
});

test('what a vendor says in several lines becomes one, which ends before the next sentence begins', () => {
  const message = (said: string) => new CallError({ kind: 'auth', message: said }).message;
  expect(message('Invalid API key · Fix external API key')).toBe('Invalid API key · Fix external API key.');
  expect(message('Cannot help.\n\nLearn more: https://example.org\n')).toBe(
    'Cannot help. Learn more: https://example.org.',
  );
  expect(message('Busy. (3 tries)')).toBe('Busy. (3 tries)');
});

test('secrets are taken out of messages: values of secret variables, and what looks like a key', () => {
  const message =
    'key sesame-sesame, sk-made-up-0123456789, Bearer abcdef123456, via http://ada:pw@proxy:80, at /home/ada';
  const failure = withoutSecrets(
    { kind: 'auth', message, detail: message },
    { MY_TOKEN: 'sesame-sesame', AUTH: '1', HOME: '/home/ada' },
  );
  const clean = 'key [MY_TOKEN], [key], Bearer [key], via http://[key]@proxy:80, at /home/ada';
  expect(failure).toEqual({ kind: 'auth', message: clean, detail: clean });
});
