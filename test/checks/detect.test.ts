import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { detectChecks } from '../../src/checks/detect/index.js';
import { inTemporaryFolder } from '../support/folders.js';

const folder = inTemporaryFolder();
const manifest = (value: unknown) => JSON.stringify(value);
const tested = { scripts: { test: 'node --test' } };
const unittest = 'import unittest\n\nclass T(unittest.TestCase):\n    def test_x(self):\n        pass\n';

async function detect(files: Record<string, string>) {
  const project = join(folder(), 'project');
  await mkdir(project);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), content);
  }
  return detectChecks(project);
}

describe('the checks of a project are found', () => {
  test.each<[string, Record<string, string>, string | null, string[]]>([
    [
      'npm, nothing to install',
      { 'package.json': manifest(tested), 'package-lock.json': '{}' },
      null,
      ['npm test'],
    ],
    [
      'npm with a lock',
      { 'package.json': manifest({ ...tested, devDependencies: { a: '1' } }), 'package-lock.json': '{}' },
      'npm ci',
      ['npm test'],
    ],
    [
      'npm without a lock',
      { 'package.json': manifest({ ...tested, dependencies: { a: '1' } }) },
      null,
      ['npm test'],
    ],
    [
      'pnpm',
      { 'package.json': manifest({ ...tested, dependencies: { a: '1' } }), 'pnpm-lock.yaml': '' },
      'pnpm install --frozen-lockfile',
      ['pnpm test'],
    ],
    [
      'yarn',
      { 'package.json': manifest({ ...tested, workspaces: ['a'] }), 'yarn.lock': '' },
      'yarn install --frozen-lockfile',
      ['yarn test'],
    ],
    [
      'yarn 2',
      {
        'package.json': manifest({ ...tested, dependencies: { a: '1' } }),
        'yarn.lock': '',
        '.yarnrc.yml': '',
      },
      'yarn install --immutable',
      ['yarn test'],
    ],
    [
      'npm init',
      { 'package.json': manifest({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }) },
      null,
      [],
    ],
    ['a broken package.json', { 'package.json': '{' }, null, []],
    ['unittest in the root', { 'test_x.py': unittest }, null, ['python3 -m unittest']],
    [
      'unittest in a folder',
      { 'tests/test_x.py': unittest },
      null,
      ['python3 -m unittest discover -s tests'],
    ],
    [
      'unittest in a package',
      { 'tests/test_x.py': unittest, 'tests/__init__.py': '' },
      null,
      ['python3 -m unittest'],
    ],
    ['pytest configured', { 'pyproject.toml': '[tool.pytest.ini_options]\n' }, null, ['python3 -m pytest']],
    [
      'pytest by its tests',
      { 'tests/test_x.py': 'def test_x():\n    assert True\n' },
      null,
      ['python3 -m pytest'],
    ],
    ['uv', { 'uv.lock': '', 'tests/conftest.py': '' }, 'uv sync --locked', ['uv run python -m pytest']],
    ['Python without tests', { 'pyproject.toml': '', 'setup.py': '' }, null, []],
    ['go', { 'go.mod': 'module x\n' }, null, ['go test ./...']],
    ['rust', { 'Cargo.toml': '', 'Cargo.lock': '' }, null, ['cargo test --locked']],
    ['make', { Makefile: 'all:\n\ttrue\ntest: all\n\ttrue\n' }, null, ['make test']],
    ['make with a variable called test', { Makefile: 'test := 1\n' }, null, []],
    [
      'make beside npm',
      { Makefile: 'test:\n\tnpm test\n', 'package.json': manifest(tested) },
      null,
      ['npm test'],
    ],
    [
      'two languages',
      { 'go.mod': '', 'package.json': manifest(tested) },
      null,
      ['npm test', 'go test ./...'],
    ],
    ['nothing', {}, null, []],
  ])('%s', async (_, files, setup, commands) => {
    const found = await detect(files);
    expect(found.setup).toBe(setup);
    expect(found.checks.map((check) => check.command)).toEqual(commands);
    if (commands.length === 0) expect(found.reason.at(-1)).toContain('will be unverified');
    for (const reason of found.reason) expect(reason).toMatch(/\.$/);
  });
});
