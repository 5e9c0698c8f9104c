import { expect, test } from '@jest/globals';
import { modelNames } from '../../../src/domain/vocabulary.js';
import { adapterFor } from '../../../src/models/adapters/index.js';

test.each(modelNames)('%s has an adapter, in the file of its name', (model) => {
  expect(adapterFor(model).model).toBe(model);
});

test('with a script, the scripted model plays every part', () => {
  for (const model of modelNames) expect(adapterFor(model, '/script.json').model).toBe('scripted');
});
