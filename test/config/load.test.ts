import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { configJsonSchema, configKeys } from '../../src/config/keys.js';
import { configFileName, loadConfig } from '../../src/config/load.js';
import { temporaryFolders } from '../support/folders.js';

const folder = temporaryFolders();

/** A project whose configuration file has this content. */
async function projectWith(content: unknown): Promise<string> {
  const root = await folder();
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await writeFile(join(root, configFileName), text);
  return root;
}

const load = (root: string, sources: Parameters<typeof loadConfig>[1] = {}) =>
  loadConfig(root, { env: {}, ...sources });

describe('a value', () => {
  test('comes from the default where nobody set it, and no file is needed', async () => {
    const { config, origin, file } = await load(await folder());
    expect(config).toMatchObject({ maxIterations: 3, gates: { plan: 'ask' } });
    expect(file).toBeUndefined();
    expect(new Set(Object.values(origin))).toEqual(new Set(['default']));
    expect(Object.keys(origin)).toEqual(configKeys.map((key) => key.path));
  });

  test('comes from the flag before the environment before the file before the default', async () => {
    const root = await projectWith({
      $schema: 'x',
      maxIterations: 1,
      maxRevisions: 1,
      maxParallelTasks: 1,
      gates: { plan: 'auto' },
    });
    const { config, origin } = await load(root, {
      env: { BLUEPRINT_MAX_ITERATIONS: '2', BLUEPRINT_MAX_REVISIONS: '2', BLUEPRINT_GATES_RESULT: 'auto' },
      flags: { maxIterations: 5 },
    });
    expect(config).toMatchObject({ maxIterations: 5, maxRevisions: 2, maxParallelTasks: 1 });
    expect(config.gates).toEqual({ spec: 'auto', plan: 'auto', task: 'ask', result: 'auto' });
    expect(origin).toMatchObject({
      maxIterations: 'flag',
      maxRevisions: 'environment',
      maxParallelTasks: 'file',
      'gates.plan': 'file',
      'gates.result': 'environment',
      'gates.task': 'default',
    });
  });

  test('can be null, to turn off what would be detected', async () => {
    const root = await projectWith({ setup: null, checks: [] });
    const { config, origin } = await load(root);
    expect(config).toMatchObject({ setup: null, checks: [] });
    expect(origin).toMatchObject({ setup: 'file', checks: 'file' });
    expect((await load(await folder())).config.setup).toBeUndefined();
  });

  test('of an empty environment variable counts as none', async () => {
    const { origin } = await load(await folder(), { env: { BLUEPRINT_MAX_ITERATIONS: '' } });
    expect(origin.maxIterations).toBe('default');
  });
});

test('the script is found where the file says, and is absolute after that', async () => {
  const root = await projectWith({ script: 'answers/demo.json' });
  expect((await load(root)).config.script).toBe(join(root, 'answers', 'demo.json'));
  const { config } = await load(root, { flags: { script: 'x.json' } });
  expect(config.script).toBe(join(process.cwd(), 'x.json'));
});

test('another file can be named, and must then be there', async () => {
  const root = await folder();
  const other = join(root, 'other.json');
  await expect(load(root, { file: other })).rejects.toThrow(`The configuration ${other} does not exist.`);
  await writeFile(other, '\uFEFF{"maxIterations": 7}');
  expect(await load(root, { file: other })).toMatchObject({ file: other, config: { maxIterations: 7 } });
  await mkdir(join(root, configFileName));
  await expect(load(root)).rejects.toThrow('is a folder; name a file.');
});

describe('a mistake is named in a sentence', () => {
  test.each([
    [{ maxParalelTasks: 2 }, /^maxParalelTasks in .*json is unknown; did you mean maxParallelTasks\?$/],
    [{ max_iterations: 2 }, /did you mean maxIterations\?$/],
    [{ gates: { plans: 'ask' } }, /^gates\.plans in .* is unknown; did you mean plan\?$/],
    [{ gates: { colour: 'ask' } }, /is unknown; known are spec, plan, task, result\.$/],
    [
      { models: { claude: { modell: 'x' } } },
      /^models\.claude\.modell in .* is unknown; did you mean model\?$/,
    ],
    [{ models: { claude: { roles: { codr: {} } } } }, /is unknown; did you mean coder\?$/],
    [{ models: { codex: { baseUrl: 'localhost:1' } } }, /baseUrl in .* must be an address, such as http/],
    [{ models: { codex: { baseUrl: 'http://me:word@host/v1' } } }, /must hold no user and no password\.$/],
    [{ models: { claude: { baseUrl: 'http://host' } } }, /is not used: set ANTHROPIC_BASE_URL in the env/],
    [{ models: { deepseek: { apiKeyEnv: 'sk-made-up' } } }, /must be the name of an environment variable/],
    [
      { models: { codex: { env: { CODEX_API_KEY: 'made-up-key-of-some-length' } } } },
      /^models\.codex\.env\.CODEX_API_KEY in .* must hold no secret: set it in the environment/,
    ],
    [{ race: { cod: ['gemini', 'deepseek'] } }, /^race\.cod in .* is unknown; did you mean code\?$/],
    [{ checks: [{ nam: 'a', command: 'b' }] }, /checks\[0\]\.nam in .* did you mean name\?/],
    [{ maxIterations: '3' }, /^maxIterations in .* must be a number, not "3"\.$/],
    [{ maxIterations: 1.5 }, /must be a whole number, not 1\.5\.$/],
    [{ maxIterations: 99 }, /must be at most 20, not 99\.$/],
    [{ maxParallelTasks: 0 }, /must be at least 1, not 0\.$/],
    [{ gates: 'ask' }, /^gates in .* must be an object, not "ask"\.$/],
    [{ gates: { plan: 'never' } }, /must be one of ask, auto, not "never"\.$/],
    [{ roles: { coder: 'gemini' } }, /must be a list, not "gemini"\.$/],
    [{ roles: { coder: [] } }, /must have at least 1 items, not a list of 0\.$/],
    [
      { roles: { coder: ['gpt'] } },
      /^roles\.coder\[0\] in .* must be one of claude, codex, .*, not "gpt"\.$/,
    ],
    [{ checks: [{ name: 'a b', command: 'x' }] }, /must be a short word, such as test\.$/],
    [{ race: { code: ['gemini', 'gemini'] } }, /must be two different models\.$/],
    [{ protect: ['src/**', '{a'] }, /^protect\[1\] in .* must be globs, such as src\/\*\*, from/],
    [[], /must be an object, not a list of 0\.$/],
    ['null', /must be an object, not null\.$/],
    [
      '{\n  "maxIterations": 3,\n  gates: {}\n}',
      /json is not valid JSON at line 3, column 3: a key in double quotes is expected there\.$/,
    ],
    ['{"__proto__": {"maxIterations": 3}}', /^__proto__ in .* is unknown; /],
  ])('%j', async (content, sentence) => {
    await expect(load(await projectWith(content))).rejects.toThrow(sentence);
  });

  test('each, when there are several', async () => {
    const root = await projectWith({ maxIterations: 'x', maxRevisions: 'y', colour: 1 });
    const failure = await load(root).catch((error: unknown) => error);
    expect(String(failure).split('\n')).toHaveLength(3);
  });

  test('by the variable, when it comes from the environment', async () => {
    const env = { BLUEPRINT_MAX_ITERATIONS: 'three' };
    await expect(load(await folder(), { env })).rejects.toThrow(
      'The environment variable BLUEPRINT_MAX_ITERATIONS must be a number, not "three".',
    );
  });

  test('by the option, when it comes from a flag', async () => {
    await expect(load(await folder(), { flags: { maxIterations: -1 } })).rejects.toThrow(
      'The option maxIterations must be at least 0, not -1.',
    );
  });
});

test('the published schema is the one that is used', async () => {
  const published = await readFile('schema/blueprint.config.schema.json', 'utf8');
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});
