/** The tests are nobody's: no key, setting or git configuration of the person who runs them has a part in them. */
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { testFolder } from '../support/source-process.js';
import { cleanEnvironment, registryEnvironment } from './environment.js';
import { oddEnvironment, oddVariables } from './odd-environment.js';

test('of the person’s environment only what the machine needs is left', async () => {
  const person = await oddEnvironment(await mkdtemp(join(testFolder(), 'odd-')));
  const clean = cleanEnvironment(person, '/a/home');
  const { HOME, XDG_CACHE_HOME, ...rest } = clean;
  expect([HOME, XDG_CACHE_HOME]).toEqual(['/a/home', '/odd/cache']);
  // This run's, whoever began it.
  expect(process.env).toMatchObject(rest);
});

test('what is fetched is fetched as the person’s package managers are set up', () => {
  const person = {
    HOME: '/home/ada',
    npm_config_registry: 'https://npm.example',
    HTTPS_PROXY: 'proxy',
    LANG: 'de',
  };
  expect(registryEnvironment({ ...person, ANTHROPIC_API_KEY: 'secret' })).toEqual({
    HOME: '/home/ada',
    npm_config_registry: 'https://npm.example',
    HTTPS_PROXY: 'proxy',
  });
});

test('this run has such an environment, and git no configuration but what a test gives it', async () => {
  const here = Object.keys(oddVariables).filter((name) => name in process.env);
  expect(here.sort()).toEqual(['LANG', 'TZ', 'XDG_CACHE_HOME']);
  expect(process.env).toMatchObject({ LANG: 'C.UTF-8', TZ: 'UTC' });
  expect((await execa('git', ['config', '--list'], { cwd: '/' })).stdout).toBe('');
});
