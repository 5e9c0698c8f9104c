/** How a call ends by itself. */
import { describe, expect, test } from '@jest/globals';
import { callSite, follow, runs, shells, started } from '../../../support/calls.js';

describe.each(shells)('under $title', ({ wrapper }) => {
  test.concurrent('a call ends at its total limit, whatever it prints', async () => {
    const site = await callSite();
    const script = 'while :; do echo tick; sleep 0.2; done';
    const { result } = await follow({ site, wrapper, script, limits: { totalSeconds: 2 } });
    expect(result).toMatchObject({ endedBy: 'timeout', status: 143 });
    expect(runs(started(site)[0]?.pid ?? 0)).toBe(false);
  });

  test.concurrent('a call ends when it prints nothing for as long as its inactivity limit', async () => {
    const site = await callSite();
    const script = 'for i in 1 2 3; do echo $i >&2; sleep 0.8; done; echo last; sleep 60';
    const { result } = await follow({ site, wrapper, script, limits: { inactivitySeconds: 2 } });
    expect(result).toEqual({ endedBy: 'inactive', status: 143, lines: ['last'] });
  });

  test.concurrent('a call that ignores TERM is killed after its grace time', async () => {
    const site = await callSite();
    const script = `trap '' TERM; while :; do sleep 0.2; done`;
    const { result } = await follow({ site, wrapper, script, limits: { totalSeconds: 1, graceSeconds: 1 } });
    expect(result).toMatchObject({ endedBy: 'timeout', status: 137 });
    expect(runs(started(site)[0]?.pid ?? 0)).toBe(false);
  });

  test.concurrent('a call that ends in time knows nothing of limits, nor of a signal to itself', async () => {
    const site = await callSite();
    expect((await follow({ site, wrapper, script: 'exit 7' })).result).toEqual({ status: 7, lines: [] });
    const killed = await follow({ site, wrapper, round: 2, script: 'kill -TERM $$' });
    expect(killed.result).toEqual({ status: 143, lines: [] });
  });
});
