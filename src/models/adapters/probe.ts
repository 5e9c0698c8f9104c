/** Asking a vendor's command whether it is there: it costs nothing, and it is not asked for long. */
import { execa } from 'execa';
import type { ModelSettings } from '../../domain/models/settings.js';
import { type ModelName, modelTitles } from '../../domain/vocabulary.js';
import type { ProbeResult } from '../adapter.js';
import type { CommandEnvironment } from '../environment.js';

export type VendorModel = Extract<ModelName, 'claude' | 'codex' | 'gemini'>;

const installLines: Record<VendorModel, string> = {
  claude: 'npm install -g @anthropic-ai/claude-code',
  codex: 'npm install -g @openai/codex',
  gemini: 'npm install -g @google/gemini-cli',
};

/** The slowest takes two seconds; on a machine that is busy with checks, a few times that. */
const timeoutMs = 15_000;

interface ProbeRun {
  status: number | undefined;
  stdout: string;
  stderr: string;
  /** It could not be run: it is not there, or it is no program, or it took too long. */
  problem?: 'missing' | 'broken';
}

/** @throws never: what goes wrong is in the result */
export async function ask(file: string, args: readonly string[], env: CommandEnvironment): Promise<ProbeRun> {
  const { exitCode, stdout, stderr, ...result } = await execa(file, args, {
    env,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: timeoutMs,
    forceKillAfterDelay: 1_000,
  });
  if (exitCode !== undefined) return { status: exitCode, stdout, stderr };
  const problem = 'code' in result && result.code === 'ENOENT' ? 'missing' : 'broken';
  return { status: exitCode, stdout, stderr, problem };
}

/** The version that the command says it has, or why it is not there. */
export async function askVersion(
  model: VendorModel,
  settings: ModelSettings,
  env: CommandEnvironment,
): Promise<{ version: string } | Extract<ProbeResult, { ok: false }>> {
  const file = settings.command ?? model;
  const { status, stdout, stderr, problem } = await ask(file, ['--version'], env);
  const version = firstLine(stdout);
  if (status === 0 && version !== '') return { version };
  const ended = problem === undefined ? `\`${file} --version\` failed` : `\`${file}\` could not be run`;
  const detail = problem === 'missing' ? `\`${file}\` was not found` : ended;
  const because = firstLine(stderr);
  const advice =
    settings.command === undefined
      ? `Install it: ${installLines[model]}`
      : `Correct \`models.${model}.command\` in the configuration, or install ${modelTitles[model]}: ${installLines[model]}`;
  return { ok: false, detail: because === '' ? detail : `${detail}: ${because}`, advice };
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]?.trim() ?? '';
