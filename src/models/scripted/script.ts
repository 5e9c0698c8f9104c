/** The script: which answer the scripted model plays for which call. */
import { access, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { callErrorKinds } from '../../domain/models/call-errors.js';
import { modelNames, purposes, roles } from '../../domain/vocabulary.js';

/** Long enough for any test of a limit, and below what a timer can hold. */
const milliseconds = z.number().int().min(0).max(3_600_000);

const matchSchema = z.strictObject({
  purpose: z.enum(purposes).optional(),
  role: z.enum(roles).optional(),
  task: z.string().optional(),
  model: z.enum(modelNames).optional(),
  round: z.number().int().optional(),
  contains: z.string().optional().describe('A text that the prompt holds.'),
});

const stepFields = {
  answer: z.unknown().optional().describe('A text; anything else is printed as JSON.'),
  answerFile: z.string().optional().describe('Relative to the script.'),
  error: z
    .strictObject({
      kind: z.enum(callErrorKinds),
      message: z.string().optional(),
      retryAfterMs: milliseconds.optional(),
      resetAt: z.number().optional(),
    })
    .optional(),
  delayMs: milliseconds.optional().describe('Before anything is printed.'),
  chunkBytes: z.number().int().min(1).optional().describe('The answer comes in pieces of about this size.'),
  chunkDelayMs: milliseconds.optional().describe('Between two pieces.'),
  exit: z.number().int().min(0).max(255).optional().describe('The exit status.'),
  stderr: z.string().optional(),
  bytes: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('So much filler is printed first; no part of the answer.'),
  newline: z.boolean().optional().describe('false: the filler is one line, and the last line has no end.'),
  ignoreTerm: z.boolean().optional(),
  noResult: z.boolean().optional().describe('The final event is not printed.'),
};

const oneOutcome = (step: { answer?: unknown; answerFile?: unknown; error?: unknown }): boolean =>
  [step.answer, step.answerFile, step.error].filter((part) => part !== undefined).length <= 1;
const oneOutcomeMessage = 'has more than one of answer, answerFile and error';

const stepSchema = z.strictObject(stepFields).refine(oneOutcome, oneOutcomeMessage);
const entrySchema = z
  .strictObject({
    match: matchSchema.default({}),
    answers: z.array(stepSchema).min(1).optional(),
    ...stepFields,
  })
  .refine(oneOutcome, oneOutcomeMessage)
  .transform(({ match, answers, ...step }) => ({ match, steps: answers ?? [step] }));

const scriptSchema = z.strictObject({
  $schema: z.string().optional(),
  defaults: z
    .strictObject({ delayMs: milliseconds, chunkBytes: z.number().int().min(1), chunkDelayMs: milliseconds })
    .partial()
    .default({}),
  answers: z.array(entrySchema),
});

export type Script = z.infer<typeof scriptSchema>;
export type Step = z.infer<typeof stepSchema>;

/** What a prompt's first line says of its call, and the prompt. */
export interface ScriptedCall {
  purpose?: string;
  role?: string;
  task?: string;
  model?: string;
  round?: string;
  prompt: string;
}

/**
 * Reads a script and looks that the files it names are there.
 *
 * @throws an Error whose message is a sentence for a person
 */
export async function readScript(file: string): Promise<Script> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(`The script ${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`The script ${file} is no JSON: ${(error as Error).message}.`, { cause: error });
  }
  const parsed = scriptSchema.safeParse(value);
  if (!parsed.success) throw new Error(`The script ${file} is not valid: ${firstProblem(parsed.error)}.`);
  for (const { answerFile } of parsed.data.answers.flatMap((entry) => entry.steps))
    if (answerFile !== undefined)
      await access(resolve(dirname(file), answerFile)).catch(() => {
        throw new Error(`The script ${file} names the answer file ${answerFile}, which is not there.`);
      });
  return parsed.data;
}

function firstProblem(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'unknown';
  const at = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return at === '' ? issue.message : `${at.replace(/^\./, '')}: ${issue.message}`;
}

/** The number of the first entry that matches a call; -1 when none does. */
export function findEntry(script: Script, call: ScriptedCall): number {
  return script.answers.findIndex(
    ({ match }) =>
      (match.purpose ?? call.purpose) === call.purpose &&
      (match.role ?? call.role) === call.role &&
      (match.task ?? call.task) === call.task &&
      (match.model ?? call.model) === call.model &&
      (match.round === undefined || String(match.round) === call.round) &&
      (match.contains === undefined || call.prompt.includes(match.contains)),
  );
}
