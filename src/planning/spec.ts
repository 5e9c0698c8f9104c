/** Brief → specification: written by a model, or taken as it stands on the disk. */
import { join } from 'node:path';
import type { AnsweredCall } from '../domain/calls/answer.js';
import type { SpecInput, TakenSpec, TakeSpecInput } from '../domain/feature/planning.js';
import type { ProposedSpec } from '../domain/feature/types.js';
import { keepVersion, readArtifact, saveArtifact } from '../feature/artifacts.js';
import { readBrief } from '../feature/input.js';
import type { WorkScope } from '../feature/scope.js';
import { documentOf } from '../models/answers/document.js';
import { openQuestions } from '../models/answers/questions.js';
import { specPrompt } from '../prompt-context/pipeline-prompts.js';
import { ask } from '../questions/ask.js';
import { readableAt } from '../questions/worktree-ref.js';

const fileName = 'spec.md';

/** Questions go into the history and onto the screen: more, or longer ones, are in the specification. */
const keptQuestions = 30;
const keptQuestionChars = 500;

/** Has a model write the specification, and saves it. */
export async function writeSpec(
  input: SpecInput,
  scope: WorkScope,
): Promise<{ call: AnsweredCall } & ProposedSpec> {
  const { directory } = scope;
  const { brief, rejected } = input;
  const answered = await ask(
    input,
    scope,
    {
      purpose: 'spec',
      role: 'architect',
      reads: readableAt(scope, scope.input.base),
      prompt: async ({ folder }) =>
        specPrompt(scope, {
          brief: await readArtifact(directory, brief),
          rejected: rejected === undefined ? '' : await readArtifact(directory, rejected.spec),
          reason: rejected?.reason ?? '',
          folder,
        }),
    },
    async (text) => ({ ok: true, text: `${documentOf(text).trim()}\n` }),
  );
  if (!answered.ok) throw new Error(`unreachable: any text is a specification (${answered.problem})`);
  await saveArtifact(directory, fileName, answered.text);
  return { call: answered.call, ...(await proposed(directory, answered.text)) };
}

/**
 * Takes the specification as it stands on the disk. May be done again.
 *
 * @param directory the feature directory
 */
export async function takeSpec(directory: string, input: TakeSpecInput): Promise<TakenSpec> {
  if (input.fromBrief !== undefined)
    await saveArtifact(directory, fileName, await readArtifact(directory, input.fromBrief));
  const text = await readBrief({ kind: 'file', path: join(directory, fileName) }, 'specification').catch(
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  if (text instanceof Error) return { ok: false, problem: `No specification found: ${text.message}` };
  const whole = input.addition === undefined ? text : withAddition(text, input.addition);
  if (whole !== text) await saveArtifact(directory, fileName, whole);
  return { ok: true, ...(await proposed(directory, whole)) };
}

const proposed = async (directory: string, text: string): Promise<ProposedSpec> => ({
  file: await keepVersion(directory, fileName),
  chars: text.length,
  questions: openQuestions(text)
    .slice(0, keptQuestions)
    .map((question) => question.slice(0, keptQuestionChars)),
});

/** Appended once: a specification that ends with it has it already. */
function withAddition(
  text: string,
  { heading, text: added }: NonNullable<TakeSpecInput['addition']>,
): string {
  const section = `\n\n## ${heading}\n\n${added.trim()}\n`;
  return text.endsWith(section) ? text : `${text.trimEnd()}${section}`;
}
