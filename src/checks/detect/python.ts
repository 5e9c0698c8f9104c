/** Python: pytest or unittest, by the project's own signs. */
import type { Finding, Project } from './project.js';

/** As many test files tell which framework they are for. */
const testFilesRead = 20;

export async function python(project: Project): Promise<Finding[]> {
  const tests = await pythonTests(project);
  const sign = await pytestSign(project, tests);
  const runner = sign !== undefined ? 'pytest' : tests.length > 0 ? 'unittest' : undefined;
  if (runner === undefined) return [];
  const findings: Finding[] = [];
  const managed = [
    { lock: 'uv.lock', setup: 'uv sync --locked', run: 'uv run python' },
    { lock: 'poetry.lock', setup: 'poetry install', run: 'poetry run python' },
  ].find(({ lock }) => project.names.has(lock));
  if (managed !== undefined)
    findings.push({
      setup: managed.setup,
      reason: `${managed.lock} locks the dependencies: ${managed.setup}.`,
    });
  else if (project.names.has('requirements.txt'))
    findings.push({
      reason:
        'requirements.txt is not installed by itself; name a command under "setup" where the packages are missing.',
    });
  const arguments_ = runner === 'pytest' ? 'pytest' : await unittestArguments(project, tests);
  const command = `${managed?.run ?? 'python3'} -m ${arguments_}`;
  findings.push({
    check: { name: runner, command },
    reason: `${sign ?? `There are tests such as ${tests[0]}`}: ${command}.`,
  });
  return findings;
}

/** Test files by the pattern that both unittest and pytest look for, in the root and the usual folders. */
async function pythonTests(project: Project): Promise<string[]> {
  const folders = ['.', 'tests', 'test'].filter((folder) => folder === '.' || project.names.has(folder));
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await project.list(folder))
        .filter((name) => /^(test.*|.*_test)\.py$/.test(name))
        .sort()
        .map((name) => (folder === '.' ? name : `${folder}/${name}`)),
    ),
  );
  return lists.flat();
}

/** Why the tests are pytest's, or undefined. */
async function pytestSign(project: Project, tests: string[]): Promise<string | undefined> {
  const signs: [string, RegExp][] = [
    ['pytest.ini', /^\[pytest\]/m],
    ['pyproject.toml', /^\[tool\.pytest/m],
    ['setup.cfg', /^\[tool:pytest\]/m],
    ['tox.ini', /^\[pytest\]/m],
  ];
  for (const [file, sign] of signs)
    if (project.names.has(file) && sign.test(await project.read(file))) return `${file} configures pytest`;
  const tested = project.names.has('tests') ? await project.list('tests') : [];
  if (project.names.has('conftest.py') || tested.includes('conftest.py')) return 'There is a conftest.py';
  for (const file of tests.slice(0, testFilesRead)) {
    const text = await project.read(file);
    // A bare test function is none of unittest's.
    if (/^\s*(import|from) pytest\b/m.test(text) || /^(async )?def test_/m.test(text))
      return `${file} is a pytest file`;
  }
  return undefined;
}

/** unittest finds tests in the root and in packages by itself; a plain folder has to be named. */
async function unittestArguments(project: Project, tests: string[]): Promise<string> {
  const folder = tests[0]?.includes('/') ? tests[0].split('/')[0] : undefined;
  if (folder === undefined || (await project.list(folder)).includes('__init__.py')) return 'unittest';
  return `unittest discover -s ${folder}`;
}
