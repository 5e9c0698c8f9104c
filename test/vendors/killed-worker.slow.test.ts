/** A worker that is killed in the middle of a real command's call: the next one follows it on. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { killHard, until } from '../support/calls.js';
import { answerOf, ask, askElsewhere, processesOfCall, vendorCall } from '../support/vendor-call.js';
import { installingMs, vendorModels } from '../support/vendor-commands.js';
import { type VendorDouble, type VendorWorld, vendorDouble, vendorWorld } from '../support/vendor-double.js';

const text = 'An answer that takes its time, so that a worker can die in the middle of it.';

let double: VendorDouble;
let world: VendorWorld;
beforeAll(async () => {
  // Twenty pieces: five seconds.
  double = await vendorDouble([{ answers: [{ text, chunkChars: 4, chunkDelayMs: 250 }] }]);
  world = await vendorWorld(double.url);
}, installingMs);
afterAll(() => double?.close());

test.concurrent.each(vendorModels)('%s is followed on, and asked once', async (model) => {
  const call = await vendorCall(world, model, 'T001');
  const requests = async () => (await double.asked()).filter(({ fields }) => fields.model === model);
  const worker = askElsewhere(call);
  await until(async () => (await requests()).length > 0, 'the request');
  await killHard(worker);
  expect((await processesOfCall(call)).length).toBeGreaterThan(0);

  const followed = await ask(call);

  expect((await answerOf(followed)).trim()).toBe(text);
  expect(followed.answer).toMatchObject({ source: 'adopted', tryNumber: 1 });
  expect(await requests()).toMatchObject([{ turn: 0, answered: 'text' }]);
  expect(await processesOfCall(call)).toEqual([]);
});
