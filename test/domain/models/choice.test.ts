/** Who makes a call: the best that can be had now, or the one whose quota is there first. */
import { describe, expect, test } from '@jest/globals';
import { configSchema } from '../../../src/domain/config/schema.js';
import { chooseModel, type KnownModels } from '../../../src/domain/models/choice.js';
import { routingRules } from '../../../src/domain/models/routing.js';
import type { UnavailableModels } from '../../../src/domain/models/unavailable.js';

const now = Date.UTC(2025, 0, 31, 12);
const hour = 3_600_000;
const roles = { coder: ['claude', 'codex'] } as const;
const known = (unavailable: UnavailableModels, more: Partial<KnownModels> = {}): KnownModels => ({
  rules: routingRules(configSchema.parse({ roles: { coder: [...roles.coder] } })),
  available: ['claude', 'codex'],
  notThere: {},
  unavailable,
  waitsForQuota: false,
  ...more,
});
const coder = { role: 'coder', contentChars: 10 } as const;
const quota = (hours: number, reported = true) =>
  ({ kind: 'quota', until: now + hours * hour, reported }) as const;

describe('a call is made by', () => {
  test('the first that is there, at once', () => {
    expect(chooseModel(coder, known({}), {}, now)).toMatchObject({ model: 'claude', resetAt: undefined });
    expect(chooseModel(coder, known({ claude: { kind: 'auth' } }), {}, now).model).toBe('codex');
  });

  test('another one than what failed in it', () => {
    const failed = { claude: { kind: 'failed', error: 'crashed' } } as const;
    expect(chooseModel(coder, known({}), failed, now).model).toBe('codex');
  });

  test('the next one where a quota is used up, and the same one later where that is waited for', () => {
    const unavailable = { claude: quota(2) };
    expect(chooseModel(coder, known(unavailable), {}, now).model).toBe('codex');
    expect(chooseModel(coder, known(unavailable, { waitsForQuota: true }), {}, now)).toMatchObject({
      model: 'claude',
      resetAt: now + 2 * hour,
    });
  });

  test('the one whose quota is there first, where nobody is left', () => {
    const unavailable = { claude: quota(2), codex: quota(1) };
    expect(chooseModel(coder, known(unavailable), {}, now)).toEqual({
      model: 'codex',
      reason: { code: 'quota-first', params: {} },
      resetAt: now + hour,
    });
    const same = { claude: quota(1), codex: quota(1) };
    expect(chooseModel(coder, known(same), {}, now).model).toBe('claude');
  });

  test('nobody, where none is there and no reset is known', () => {
    const unavailable: UnavailableModels = { claude: { kind: 'auth' }, codex: quota(1, false) };
    expect(chooseModel(coder, known(unavailable), {}, now)).toMatchObject({
      model: undefined,
      reason: { code: 'none-fits' },
    });
  });

  test('a racer alone, or nobody', () => {
    const racer = { ...coder, only: 'codex' } as const;
    expect(chooseModel(racer, known({}), {}, now)).toMatchObject({
      model: 'codex',
      reason: { code: 'races' },
    });
    expect(chooseModel(racer, known({}, { available: ['claude'] }), {}, now)).toMatchObject({
      model: undefined,
      reason: { code: 'passed-over' },
    });
    expect(chooseModel(racer, known({ codex: quota(1) }), {}, now)).toMatchObject({ resetAt: now + hour });
  });
});
