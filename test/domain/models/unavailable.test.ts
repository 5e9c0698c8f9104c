import { describe, expect, test } from '@jest/globals';
import { callErrorKinds } from '../../../src/domain/models/call-errors.js';
import {
  foundSince,
  missingModels,
  resetOf,
  type UnavailableModels,
  unavailableAfter,
  unavailableAt,
} from '../../../src/domain/models/unavailable.js';

const now = Date.UTC(2025, 0, 31, 12);
const hour = 3_600_000;

describe('a call that failed', () => {
  test.each(['auth', 'not-installed'] as const)('of %s leaves its model out for good', (kind) => {
    expect(unavailableAfter(kind, undefined, now)).toEqual({ kind });
  });

  test('of a quota leaves it out until the reset', () => {
    const until = now + 5 * hour;
    expect(unavailableAfter('quota', until, now)).toEqual({ kind: 'quota', until, reported: true });
  });

  test('of a quota with no reset leaves it out for an hour', () => {
    expect(unavailableAfter('quota', undefined, now)).toEqual({
      kind: 'quota',
      until: now + hour,
      reported: false,
    });
  });

  test('of a quota whose reset has passed, or is weeks away, is put down to a clock', () => {
    expect(unavailableAfter('quota', now - hour, now)).toMatchObject({ until: now + 60_000 });
    expect(unavailableAfter('quota', now + 1_000 * hour, now)).toMatchObject({ until: now + 8 * 24 * hour });
  });

  test('of anything else says nothing of the next one', () => {
    const others = callErrorKinds.filter((kind) => !['auth', 'not-installed', 'quota'].includes(kind));
    for (const kind of others) expect(unavailableAfter(kind, undefined, now)).toBeUndefined();
  });
});

describe('models are left out', () => {
  const unavailable: UnavailableModels = {
    claude: { kind: 'auth' },
    codex: { kind: 'quota', until: now + hour, reported: true },
    gemini: { kind: 'quota', until: now + hour, reported: false },
    deepseek: { kind: 'not-installed' },
  };

  test('with the reason, until their quota is there again', () => {
    expect(unavailableAt(unavailable, now, false)).toEqual(unavailable);
    expect(Object.keys(unavailableAt(unavailable, now + hour, false))).toEqual(['claude', 'deepseek']);
  });

  test('unless their reset is known and waited for', () => {
    expect(Object.keys(unavailableAt(unavailable, now, true))).toEqual(['claude', 'gemini', 'deepseek']);
    expect(resetOf(unavailable, 'codex', now)).toBe(now + hour);
    expect(resetOf(unavailable, 'codex', now + hour)).toBeUndefined();
    expect(resetOf(unavailable, 'gemini', now)).toBeUndefined();
    expect(resetOf(unavailable, 'claude', now)).toBeUndefined();
  });
});

test('a round tells what it found out, and not what it was told', () => {
  const known: UnavailableModels = { claude: { kind: 'auth' } };
  expect(foundSince(known, { ...known })).toBeUndefined();
  expect(foundSince(known, { ...known, codex: { kind: 'auth' } })).toEqual({ codex: { kind: 'auth' } });
});

test('what the preparation missed is left out in its words', () => {
  expect(missingModels([{ model: 'claude', problem: 'not on the PATH' }])).toEqual({
    claude: { kind: 'not-available', problem: 'not on the PATH' },
  });
  expect(missingModels(undefined)).toEqual({});
});
