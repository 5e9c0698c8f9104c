/** A scenario: what the double answers to which request, as data, so that it can be in a file. */
import * as z from 'zod';
import { modelNames, purposes, roles } from '../../src/domain/vocabulary.js';

/** Failures that are a status and a body. */
export const statusFailures = [401, 402, 403, 429, 500, 503, 529, 'quota', 'too-long'] as const;
export type StatusFailure = (typeof statusFailures)[number];

/**
 * `drop`: the connection ends before an answer. `truncated`: it ends in the middle of one. `stream-error`: an error
 * event comes in the middle of one. `hang`: nothing ever comes. `refused`: the vendor's form of a refusal.
 */
const failures = [...statusFailures, 'drop', 'truncated', 'stream-error', 'hang', 'refused'] as const;
export type Failure = (typeof failures)[number];

const matchSchema = z.strictObject({
  purpose: z.enum(purposes).optional(),
  role: z.enum(roles).optional(),
  task: z.string().optional(),
  model: z.enum(modelNames).optional(),
  round: z.number().int().optional(),
  contains: z.string().optional().describe('A text that the prompt holds.'),
});

/** What the model wants a tool to do; each API has its own words for it. Paths are as the model would write them. */
const stepSchema = z.union([
  z.strictObject({ write: z.string(), content: z.string() }),
  z.strictObject({ edit: z.string(), from: z.string(), to: z.string() }),
  z.strictObject({ read: z.string() }),
  z.strictObject({ run: z.string() }),
]);
export type Step = z.infer<typeof stepSchema>;

const milliseconds = z.number().int().min(0).max(600_000);

const fields = {
  tools: z.array(stepSchema).default([]).describe('Asked for one after another, before the answer.'),
  text: z.string().optional(),
  json: z.unknown().optional().describe('Given through the API’s own form for an answer under a schema.'),
  cut: z.boolean().default(false).describe('The text was cut by the limit of the output.'),
  fail: z.literal(failures).optional(),
  retryAfterSeconds: z.number().optional().describe('With 429: in the vendor’s own form.'),
  resetInSeconds: z.number().optional().describe('With quota: when it is filled again.'),
  code: z.string().optional().describe('With stream-error: the vendor’s word for what is wrong.'),
  usage: z
    .strictObject({ input: z.number(), cached: z.number().default(0), output: z.number() })
    .default({ input: 12, cached: 0, output: 7 })
    .describe('Tokens, of each request; `cached` is a part of `input`.'),
  delayMs: milliseconds.default(0).describe('Before anything is sent.'),
  chunkChars: z.number().int().min(1).default(8),
  chunkDelayMs: milliseconds.default(0).describe('Between two pieces of the stream.'),
};

const answerSchema = z.preprocess(
  (given) => (typeof given === 'string' ? { text: given } : given),
  z
    .strictObject(fields)
    .refine(
      ({ text, json, fail }) => [text, json, fail].filter((part) => part !== undefined).length === 1,
      'must have one of text, json and fail',
    ),
);
export type Answer = z.infer<typeof answerSchema>;

const scenarioSchema = z.array(
  z.strictObject({ match: matchSchema.default({}), answers: z.array(answerSchema).min(1) }),
);
type Rules = z.infer<typeof scenarioSchema>;

type AnswerInput = string | Partial<z.input<typeof answerSchema.out>>;
/** As a test writes it: rules, of which the first that matches a request answers it. */
export type Scenario = { match?: z.input<typeof matchSchema>; answers: AnswerInput[] }[];

/** Which call a request belongs to, by the line that every prompt of ours begins with. */
export interface CallLine {
  /** All of it, which no other call of a feature has. */
  line: string;
  fields: Readonly<Record<string, string>>;
}

/** A vendor's command may put its own words before and around the prompt. */
export function callLineIn(text: string): CallLine | undefined {
  const line = /^Blueprint-Call: (.+)$/m.exec(text)?.[1]?.trim();
  if (line === undefined) return undefined;
  return {
    line,
    fields: Object.fromEntries([...line.matchAll(/([a-z]+)=(\S+)/g)].map(([, name, value]) => [name, value])),
  };
}

export interface Player {
  /**
   * The answer to a request.
   *
   * @param turn how many results of tools the request brings: 0 begins a conversation, and takes the next answer of
   *   the first rule that matches, or again its last one; any other goes on with the call's answer
   */
  answer(call: CallLine, prompt: string, turn: number): Answer | undefined;
}

/** @throws for what is no scenario */
export function player(scenario: unknown): Player {
  const rules: Rules = scenarioSchema.parse(scenario);
  const given = rules.map(() => 0);
  const conversations = new Map<string, Answer>();
  return {
    answer(call, prompt, turn) {
      if (turn > 0) return conversations.get(call.line);
      const index = rules.findIndex(({ match }) => matches(match, call, prompt));
      const rule = rules[index];
      if (rule === undefined) return undefined;
      const before = given[index] ?? 0;
      given[index] = before + 1;
      const answer = rule.answers[Math.min(before, rule.answers.length - 1)];
      if (answer !== undefined) conversations.set(call.line, answer);
      return answer;
    },
  };
}

function matches(match: Rules[number]['match'], { fields: call }: CallLine, prompt: string): boolean {
  const { contains, ...wanted } = match;
  return (
    Object.entries(wanted).every(([name, value]) => String(value) === call[name]) &&
    (contains === undefined || prompt.includes(contains))
  );
}
