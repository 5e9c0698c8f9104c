/** What a task's prompts are made from, besides the project: notes, drafts, what the checks said. */
import type { FileReference } from '../domain/references.js';
import type { CheckResult } from '../domain/tasks/checks.js';
import type { DraftResult, TaskContext } from '../domain/tasks/draft.js';
import { readArtifact } from '../feature/artifacts.js';
import { outputEnd } from '../feature/check-output.js';
import type { FeatureFolder } from '../feature/scope.js';
import { formatChecks, formatFiles } from '../models/prompts/format.js';
import { type ShownChange, showChange } from '../prompt-context/change.js';
import { nothing } from '../prompt-context/files.js';

type Place = Pick<FeatureFolder, 'input' | 'directory'>;

/** The notes of the architecture tasks that a task builds on. */
export async function notesFor({ directory }: Place, { notes }: TaskContext): Promise<string> {
  const texts = await Promise.all(notes.map((note) => readArtifact(directory, note)));
  return texts.join('\n\n');
}

/** The text of a specification and of a task's description: what files are looked for by. */
export const aboutTask = async (
  { directory }: Place,
  spec: FileReference,
  description: string,
): Promise<string> => `${description}\n${await readArtifact(directory, spec)}`;

/** A draft, for whoever judges or corrects it. */
export async function showDraft({ input, directory }: Place, result: DraftResult): Promise<ShownChange> {
  const { commit, base, outputs } = result;
  if (commit === undefined || base === undefined) {
    const files = await Promise.all(
      outputs.map(async (output) => ({ path: output.path, content: await readArtifact(directory, output) })),
    );
    const only = files.length === 1 ? files[0]?.content : undefined;
    return { draft: only ?? formatFiles(files), files: nothing, changed: result.files };
  }
  return showChange(input.root, base, commit);
}

/** What the checks said, with the end of what they printed. */
export async function describeChecks({ directory }: Place, checks: readonly CheckResult[]): Promise<string> {
  const outputs = await Promise.all(
    checks.map(async (check) => [check.name, await outputEnd(directory, check)] as const),
  );
  return formatChecks(checks, Object.fromEntries(outputs));
}
