import { expect, test } from '@jest/globals';
import { commandEnvironment, modelEnvironment } from '../../src/models/environment.js';

const parent = {
  PATH: '/bin',
  HOME: '/home/ada',
  LC_ALL: 'C',
  HTTPS_PROXY: 'http://proxy',
  ANTHROPIC_API_KEY: 'a',
  OPENAI_API_KEY: 'o',
  AWS_SECRET_ACCESS_KEY: 'w',
  TEMPORAL_API_KEY: 't',
  BLUEPRINT_SCRIPT: 's',
  GONE: undefined,
};

test("a model's command gets what any needs, its vendor's variables, and what is named; no other key", () => {
  expect(modelEnvironment(parent, ['ANTHROPIC_'], ['AWS_SECRET_ACCESS_KEY', 'GONE'])).toEqual({
    PATH: '/bin',
    HOME: '/home/ada',
    LC_ALL: 'C',
    HTTPS_PROXY: 'http://proxy',
    ANTHROPIC_API_KEY: 'a',
    AWS_SECRET_ACCESS_KEY: 'w',
  });
});

test("checks get the person's environment less the models' keys, and know that nobody looks on", () => {
  expect(commandEnvironment(parent)).toEqual({
    PATH: '/bin',
    HOME: '/home/ada',
    LC_ALL: 'C',
    HTTPS_PROXY: 'http://proxy',
    AWS_SECRET_ACCESS_KEY: 'w',
    CI: 'true',
  });
  expect(commandEnvironment({ CI: '' })).toEqual({ CI: '' });
});
