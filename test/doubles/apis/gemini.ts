/** Google's Gemini API: https://ai.google.dev/api/generate-content */
import { list, object, text } from '../json.js';
import type { Answer, StatusFailure, Step } from '../scenario.js';
import { type Api, type Asked, type Content, type HttpFailure, jsonEvent, pieces } from './api.js';

const modelIn = (path: string): string => /models\/([^:/]+):/.exec(path)?.[1] ?? '';

export const gemini: Api = {
  name: 'gemini',
  answers: (path) => /:(streamGenerateContent|generateContent)$/.test(path),

  read(body, path) {
    const parts = list(body.contents)
      .filter((content) => content.role === 'user' || content.role === 'function')
      .flatMap((content) => list(content.parts));
    return {
      model: modelIn(path),
      prompt: parts.map((part) => text(part.text)).join('\n'),
      toolResults: parts
        .filter((part) => 'functionResponse' in part)
        .map((part) => resultText(object(object(part.functionResponse).response))),
      tools: list(body.tools).flatMap((tool) =>
        list(tool.functionDeclarations).map(({ name }) => text(name)),
      ),
      streams: path.endsWith(':streamGenerateContent'),
    };
  },

  stream(asked, content, answer) {
    const words =
      content.kind === 'json' ? JSON.stringify(content.value) : content.kind === 'text' ? content.text : '';
    const chunks = pieces(words, answer.chunkChars).map((piece) => [{ text: piece }]);
    const all = chunks.length === 0 ? [partsOf(content)] : chunks;
    const events = all.map((parts, index) =>
      jsonEvent(
        index === all.length - 1
          ? responseOf(asked, parts, answer, finishOf(content))
          : { candidates: [{ content: { role: 'model', parts }, index: 0 }], modelVersion: asked.model },
      ),
    );
    return { events, middle: 1 };
  },

  whole: (asked, content, answer) => responseOf(asked, partsOf(content), answer, finishOf(content)),

  // Outside of the stream's form: its client looks for it there.
  streamError: () =>
    JSON.stringify(errorBody(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.')),

  failure,
};

const resultText = ({ output, error }: Readonly<Record<string, unknown>>): string =>
  text(output) || text(error) || JSON.stringify(output ?? error ?? '');

/** A refusal has none. */
function partsOf(content: Content): object[] {
  if (content.kind === 'tool') return [{ functionCall: toolOf(content.step) }];
  if (content.kind === 'text') return [{ text: content.text }];
  return content.kind === 'json' ? [{ text: JSON.stringify(content.value) }] : [];
}

function toolOf(step: Step): { name: string; args: object } {
  if ('write' in step) return { name: 'write_file', args: { file_path: step.write, content: step.content } };
  if ('edit' in step)
    return {
      name: 'replace',
      args: {
        file_path: step.edit,
        instruction: 'Change the file.',
        old_string: step.from,
        new_string: step.to,
      },
    };
  if ('read' in step) return { name: 'read_file', args: { file_path: step.read } };
  return { name: 'run_shell_command', args: { command: step.run } };
}

function finishOf(content: Content): string {
  if (content.kind === 'refused') return 'SAFETY';
  return content.kind === 'text' && content.cut ? 'MAX_TOKENS' : 'STOP';
}

const responseOf = (asked: Asked, parts: object[], { usage }: Answer, finishReason: string) => ({
  candidates: [
    { ...(parts.length === 0 ? {} : { content: { role: 'model', parts } }), finishReason, index: 0 },
  ],
  usageMetadata: {
    promptTokenCount: usage.input,
    cachedContentTokenCount: usage.cached,
    candidatesTokenCount: usage.output,
    totalTokenCount: usage.input + usage.output,
  },
  modelVersion: asked.model,
});

const errorBody = (code: number, status: string, message: string, details: object[] = []) => ({
  error: { code, message, status, ...(details.length === 0 ? {} : { details }) },
});

/** https://ai.google.dev/gemini-api/docs/troubleshooting; the details are google.rpc's */
function failure(kind: StatusFailure, { retryAfterSeconds, resetInSeconds }: Answer): HttpFailure {
  const [code, status, message] = errors[kind];
  const seconds = retryAfterSeconds ?? resetInSeconds;
  if (seconds === undefined) return { status: code, headers: {}, body: errorBody(code, status, message) };
  const details = [
    ...(kind === 'quota' ? [dailyQuota] : []),
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` },
  ];
  // The vendor has the same words for a limit by the minute and for one by the day.
  const limited = `${errors.quota[2]}\nPlease retry in ${seconds}s.`;
  return { status: code, headers: {}, body: errorBody(code, status, limited, details) };
}

const dailyQuota = {
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }],
};

const errors: Record<StatusFailure, [code: number, status: string, message: string]> = {
  401: [401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'],
  402: [402, 'FAILED_PRECONDITION', 'There is a problem with your payment.'],
  403: [403, 'PERMISSION_DENIED', 'Your API key does not have the required permissions.'],
  429: [429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'],
  500: [500, 'INTERNAL', 'Internal error encountered.'],
  503: [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  529: [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  quota: [
    429,
    'RESOURCE_EXHAUSTED',
    'You exceeded your current quota, please check your plan and billing details.',
  ],
  'too-long': [
    400,
    'INVALID_ARGUMENT',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
  ],
};
