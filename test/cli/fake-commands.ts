/** Commands that stand where the vendors' would: they say their version and whether they are logged in, no more. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { transpiledCode } from '../support/source-process.js';
import { testServerEnvironment } from '../support/temporal.js';
import { commandProject, type TestProject } from './project.js';

type Vendor = 'claude' | 'codex' | 'gemini';

export interface Machine extends TestProject {
  /** Where Blueprint would keep what it starts. */
  state: string;
  /** Starts `blueprint`, to be watched. Never rejects. */
  start(args: readonly string[]): ReturnType<typeof startCommand>;
  /** Puts a command on the PATH. `first`: shell code that runs before it answers. */
  install(vendor: Vendor, how?: { loggedIn?: boolean; first?: string }): Promise<void>;
}

const versions: Record<Vendor, string> = {
  claude: '2.1.330 (Claude Code)',
  codex: 'codex-cli 0.169.0',
  gemini: '0.61.0',
};

/** What the vendors' models are reached by: none of it from the machine that the tests run on. */
const noKeys = Object.fromEntries(
  ['ANTHROPIC_API_KEY', 'CODEX_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY', 'DEEPSEEK_API_KEY'].map(
    (key) => [key, ''],
  ),
);

const startCommand = (cwd: string, args: readonly string[], environment: Record<string, string>) =>
  execa(process.execPath, [join(transpiledCode(), 'src', 'cli', 'main.js'), ...args], {
    cwd,
    env: { ...testServerEnvironment(), ...environment },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });

/** A project on a machine with git, and no model's command but those that are installed here. */
export async function makeMachine(): Promise<Machine> {
  const project = await commandProject();
  const machine = `${project.root}-machine`;
  const [bin, home, state] = ['bin', 'home', 'state'].map((name) => join(machine, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [bin, home]) await mkdir(folder, { recursive: true });
  for (const command of ['git', 'sh', 'sleep', 'touch']) {
    const { stdout } = await execa('sh', ['-c', `command -v ${command}`]);
    await symlink(stdout, join(bin, command));
  }
  return {
    ...project,
    state,
    blueprint: (args, options = {}) =>
      project.blueprint(args, {
        ...options,
        env: { ...noKeys, PATH: bin, HOME: home, XDG_STATE_HOME: state, ...options.env },
      }),
    start: (args) =>
      startCommand(project.root, args, { ...noKeys, PATH: bin, HOME: home, XDG_STATE_HOME: state }),
    async install(vendor, { loggedIn = true, first = '' } = {}) {
      const path = join(bin, vendor);
      const code = [
        '#!/bin/sh',
        first,
        `case "$*" in`,
        `  --version) echo '${versions[vendor]}' ;;`,
        `  *status) exit ${loggedIn ? 0 : 1} ;;`,
        `  *) echo "not expected: $*" >&2; exit 64 ;;`,
        'esac',
      ];
      await writeFile(path, `${code.join('\n')}\n`);
      await chmod(path, 0o755);
    },
    async remove() {
      await project.remove();
      await execa('rm', ['-rf', machine]);
    },
  };
}
