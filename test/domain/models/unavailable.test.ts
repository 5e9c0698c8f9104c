import { describe, expect, test } from '@jest/globals';
import { callErrorKinds } from '../../../src/domain/models/call-errors.js';
import {
  type Absences,
  absenceAfter,
  absentModels,
  foundSince,
  missingModels,
  resetOf,
} from '../../../src/domain/models/unavailable.js';

const now = Date.UTC(2025, 0, 31, 12);
const hour = 3_600_000;

describe('a call that failed', () => {
  test.each(['auth', 'not-installed'] as const)('of %s leaves its model out for good', (kind) => {
    expect(absenceAfter(kind, undefined, now)).toEqual({ kind });
  });

  test('of a quota leaves it out until the reset', () => {
    const until = now + 5 * hour;
    expect(absenceAfter('quota', until, now)).toEqual({ kind: 'quota', until, told: true });
  });

  test('of a quota with no reset leaves it out for an hour', () => {
    expect(absenceAfter('quota', undefined, now)).toEqual({ kind: 'quota', until: now + hour, told: false });
  });

  test('of a quota whose reset has passed, or is weeks away, is put down to a clock', () => {
    expect(absenceAfter('quota', now - hour, now)).toMatchObject({ until: now + 60_000 });
    expect(absenceAfter('quota', now + 1_000 * hour, now)).toMatchObject({ until: now + 8 * 24 * hour });
  });

  test('of anything else says nothing of the next one', () => {
    const others = callErrorKinds.filter((kind) => !['auth', 'not-installed', 'quota'].includes(kind));
    for (const kind of others) expect(absenceAfter(kind, undefined, now)).toBeUndefined();
  });
});

describe('models are left out', () => {
  const absences: Absences = {
    claude: { kind: 'auth' },
    codex: { kind: 'quota', until: now + hour, told: true },
    gemini: { kind: 'quota', until: now + hour, told: false },
    deepseek: { kind: 'not-installed' },
  };

  test('with the reason, until their quota is there again', () => {
    expect(absentModels(absences, now, false)).toEqual(absences);
    expect(Object.keys(absentModels(absences, now + hour, false))).toEqual(['claude', 'deepseek']);
  });

  test('unless their reset is known and waited for', () => {
    expect(Object.keys(absentModels(absences, now, true))).toEqual(['claude', 'gemini', 'deepseek']);
    expect(resetOf(absences, 'codex', now)).toBe(now + hour);
    expect(resetOf(absences, 'codex', now + hour)).toBeUndefined();
    expect(resetOf(absences, 'gemini', now)).toBeUndefined();
    expect(resetOf(absences, 'claude', now)).toBeUndefined();
  });
});

test('a round tells what it found out, and not what it was told', () => {
  const known: Absences = { claude: { kind: 'auth' } };
  expect(foundSince(known, { ...known })).toBeUndefined();
  expect(foundSince(known, { ...known, codex: { kind: 'auth' } })).toEqual({ codex: { kind: 'auth' } });
});

test('what the preparation missed is left out in its words', () => {
  expect(missingModels([{ model: 'claude', problem: 'not on the PATH' }])).toEqual({
    claude: { kind: 'not-available', problem: 'not on the PATH' },
  });
  expect(missingModels(undefined)).toEqual({});
});
