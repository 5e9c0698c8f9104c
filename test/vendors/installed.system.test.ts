/** The vendors' real commands, as far as they are installed, against the double of their APIs: one call of each. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerOf, ask, vendorCall } from '../support/vendor-call.js';
import { installedVendorCommands } from '../support/vendor-commands.js';
import { type VendorDouble, type VendorWorld, vendorDouble, vendorWorld } from '../support/vendor-double.js';

const commands = installedVendorCommands();
// Reached by HTTP: there on every machine.
const models = [...commands, 'deepseek'] as const;

let double: VendorDouble;
let world: VendorWorld;
beforeAll(async () => {
  double = await vendorDouble([{ answers: [{ text: 'Hello from far away.' }] }]);
  world = await vendorWorld(double.url, commands);
});
afterAll(() => double?.close());

test.each(models)('%s answers, and the call ends', async (model) => {
  const answered = await ask(await vendorCall(world, model, 'hello'));
  expect((await answerOf(answered)).trim()).toBe('Hello from far away.');
  expect((await double.asked()).filter(({ fields }) => fields.model === model)).toHaveLength(1);
});
