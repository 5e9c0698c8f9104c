/** Reviews of drafts and of the branch. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answered } from '../domain/calls/answer.js';
import { Problem } from '../domain/problem.js';
import type { Review } from '../domain/tasks/review.js';
import type { ReviewInput, ReviewOutcome } from '../domain/tasks/steps.js';
import { readArtifact } from '../feature/artifacts.js';
import { savePartial, showPartial } from '../feature/partial.js';
import type { WorkScope } from '../feature/scope.js';
import { parseReview } from '../models/answers/review.js';
import { formatCorrections, formatFiles, formatReason, formatTask } from '../models/prompts/format.js';
import type { Prompt } from '../models/prompts/slots.js';
import { type ShownChange, showChange } from '../prompt-context/change.js';
import { conventionsFor } from '../prompt-context/repository.js';
import { type AskSlots, ask, type Reading } from '../questions/ask.js';
import { describeChecks, notesFor, showDraft } from '../questions/task-context.js';
import { keptPaths } from './commit.js';

/** What the history keeps of a review, in characters; the whole of it is in its file. */
const keptFeedback = 4_000;
const keptCorrection = 1_000;
const keptCorrections = 20;

/** Has the reviewer judge a draft, or the branch. */
export async function reviewDraft(input: ReviewInput, scope: WorkScope): Promise<Answered<ReviewOutcome>> {
  const { task } = input;
  const shown = await whatIsJudged(input, scope);
  // Of a race's drafts only the one that is judged goes on.
  if (input.draft !== undefined) await showPartial(scope.directory, input.draft.outputs);
  const about = {
    purpose: 'review',
    role: 'reviewer',
    task: task.id,
    schema: 'review',
  } as const;
  const slots = async () => ({
    task: formatTask(task),
    spec: await readArtifact(scope.directory, input.context.spec),
    notes: await notesFor(scope, input.context),
    conventions: await conventionsFor(scope, input.draft?.commit ?? input.context.base, shown.changed),
    draft: shown.draft,
    files: shown.files,
    checks: await describeChecks(scope, input.checks),
  });
  const prompt = async (asked: AskSlots): Promise<Prompt> => {
    const all = { ...(await slots()), ...asked };
    return input.draft === undefined
      ? { name: 'review-task', slots: all }
      : {
          name: 'review',
          slots: {
            ...all,
            reason: input.reason === undefined ? '' : formatReason(input.reason),
            earlier: await earlierOf(input, scope),
          },
        };
  };
  return ask(input, scope, { ...about, prompt }, (text) => keepReview(text, input, scope, shown.changed));
}

/** The draft; for a review task, all that the feature has changed so far. */
async function whatIsJudged({ draft, context }: ReviewInput, scope: WorkScope): Promise<ShownChange> {
  if (draft !== undefined) return showDraft(scope, draft);
  const { featureBase, base } = context;
  const shown =
    featureBase === undefined || base === undefined
      ? await partialOutputs(scope)
      : await showChange(scope.input.root, featureBase, base);
  if (shown.changed.length === 0) throw new Problem('nothing-to-review', 'No code files found to review');
  return shown;
}

/** Outside git, what tasks have left in `partial/`. */
async function partialOutputs({ directory }: WorkScope): Promise<ShownChange> {
  const folder = join(directory, 'partial');
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isFile() && /_(code|boilerplate|corrected)\b/.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const files = await Promise.all(
    names.map(async (name) => ({ path: name, content: await readFile(join(folder, name), 'utf8') })),
  );
  return { draft: formatFiles(files), files: { pieces: [] }, changed: names };
}

async function earlierOf({ earlier }: ReviewInput, { directory }: WorkScope): Promise<string> {
  if (earlier === undefined) return '';
  const read = parseReview(await readArtifact(directory, earlier));
  return read.ok ? formatCorrections(read.review) : '';
}

async function keepReview(
  text: string,
  { task, attempt }: ReviewInput,
  { directory }: WorkScope,
  changed: string[],
): Promise<Reading<ReviewOutcome>> {
  const read = parseReview(text);
  if (!read.ok) return read;
  const [file] = await savePartial(directory, task.id, 'review', attempt, {
    text: `${JSON.stringify(read.review, undefined, 2)}\n`,
    extension: 'json',
  });
  if (file === undefined) throw new Error('unreachable: a review is one file');
  return { ok: true, review: cut(read.review), file, files: changed.slice(0, keptPaths) };
}

const cut = ({ approved, feedback, corrections }: Review): Review => ({
  approved,
  feedback: feedback.slice(0, keptFeedback),
  corrections: corrections.slice(0, keptCorrections).map((text) => text.slice(0, keptCorrection)),
});
