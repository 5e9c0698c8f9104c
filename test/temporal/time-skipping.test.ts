import { expect, test } from '@jest/globals';
import { createTimeSkipping } from '../support/time-skipping.js';

const threeDays = 3 * 24 * 60 * 60 * 1000;

test('the test server skips three days in a moment', async () => {
  const environment = await createTimeSkipping();
  try {
    const before = await environment.currentTimeMs();
    await environment.sleep('3 days');
    expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(threeDays);
  } finally {
    await environment.teardown();
  }
});
