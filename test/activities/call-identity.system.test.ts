/** What a call is, the workflow says: what else an activity is given does not change which call it makes. */
import { describe, expect, test } from '@jest/globals';
import {
  type Ask,
  checksCall,
  draftCall,
  planCall,
  reviewCall,
  specCall,
} from '../../src/domain/calls/call-key.js';
import { makeFeature } from '../support/feature.js';
import { runActivity } from './run-activity.js';

const feature = 'feature';
const model = 'deepseek';
const ask: Ask = { model, ask: 1 };
const task = { id: 'T001', title: 'Do it', description: 'Now.', type: 'code' as const, dependsOn: [] };
const plan = JSON.stringify({ tasks: [task] });
const extra = { extra: 1 };

describe('an activity that is given a field more makes no other call', () => {
  test('a draft, its checks, and its review', async () => {
    const site = await makeFeature({ 'a.txt': 'a\n' }, '```text path=new.txt\nnew\n```\n');
    const context = {
      spec: await site.save('spec.md', '# Spec\n'),
      notes: [],
      checkCommands: [],
      featureBase: site.base,
      base: site.base,
    };
    const work = { task, attempt: 1, context };
    const input = { feature, call: draftCall(ask, work), model, ...work } as const;
    const draft = await runActivity(site, 'draft', input);
    expect(await runActivity(site, 'draft', { ...input, ...extra })).toMatchObject({
      call: { call: draft.call.call, source: 'reused' },
    });
    if (!draft.ok || draft.commit === undefined) throw new Error('no draft');

    const preparation = { setup: 'true', checks: [{ name: 'test', command: 'true' }], baseline: [] };
    const checks = {
      ...{ feature, call: checksCall(work, draft.commit), place: { task: 'T001' } },
      ...{ commit: draft.commit, preparation },
    };
    const results = await runActivity(site, 'runChecks', checks);
    expect(await runActivity(site, 'runChecks', { ...checks, ...extra })).toEqual(results);

    const reviewed = { ...work, draft, checks: results };
    const review = { feature, call: reviewCall(ask, reviewed), model, ...reviewed } as const;
    const { call } = await runActivity(site, 'review', review);
    expect(await runActivity(site, 'review', { ...review, ...extra })).toMatchObject({
      call: { call: call.call, source: 'reused' },
    });
    expect(await site.started()).toBe(2);
    expect((await site.calls()).map((name) => name.replace(/-[0-9a-f]{8}$/, ''))).toEqual([
      'T001-checks.1',
      'T001-checks.1',
      'T001-draft.1',
      'T001-review.1',
    ]);
  });

  test('a specification and a plan', async () => {
    const site = await makeFeature({}, plan);
    const brief = await site.save('brief.md', 'Do it.\n');
    const spec = { feature, call: specCall(ask, 1, { brief }), model, brief } as const;
    const written = await runActivity(site, 'writeSpec', spec);
    expect((await runActivity(site, 'writeSpec', { ...spec, ...extra })).call.call).toBe(written.call.call);
    const made = {
      feature,
      call: planCall(ask, 1, { spec: written.file }),
      model,
      spec: written.file,
    } as const;
    const parsed = await runActivity(site, 'makePlan', made);
    expect((await runActivity(site, 'makePlan', { ...made, ...extra })).call.call).toBe(parsed.call.call);
    expect(await site.started()).toBe(2);
  });
});
