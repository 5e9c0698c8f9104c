// What `record-models.mjs` records: by the recording's name, what the double answers, and what else is special.
//
// - `answers`, `schema`, `mode`, `prompt`: of the call
// - `args`: after our own arguments; `leaving`: those of ours that are left out
// - `without`: a variable that is not there; `environment`: what else is
// - `geminiSettings`: over those that the adapter gives to Gemini CLI
// - `unreachable`: the double is gone before it is asked
// - `signal`: sent once the double has a request that it lets wait, or, with `saying`, once the command has said this

const hello = { text: 'Hello from mock.' };
const failing = (fail, more = {}) => ({ answers: [{ fail, ...more }] });
const hanging = (signal) => ({ ...failing('hang'), signal });
const calledWith = (...args) => ({ answers: [hello], args });
const writing = (...files) => ({
  answers: [{ tools: files.map((write) => ({ write, content: 'one\n' })), ...hello }],
  mode: 'edit',
});
const underSchema = {
  answers: [{ json: { approved: true, feedback: 'Good.', corrections: [] } }],
  schema: 'review',
};

const nobody = '00000000-0000-4000-8000-000000000000';
/** Settings of `codex`'s provider, as its arguments. */
const provider = (...settings) =>
  settings.flatMap((setting) => ['-c', `model_providers.blueprint.${setting}`]);

export const recordings = {
  'claude-ok': { answers: [hello] },
  'claude-schema': underSchema,
  'claude-tool': writing('notes.txt'),
  'claude-tool-denied': writing('../outside.txt'),
  'claude-cut-and-continued': { answers: [{ ...hello, cut: true }, hello] },
  'claude-output-limit': { answers: [{ ...hello, cut: true }] },
  'claude-nokey': { answers: [hello], without: 'ANTHROPIC_API_KEY' },
  'claude-err-401': failing(401),
  'claude-err-403': failing(403),
  'claude-err-429': failing(429),
  // Longer than it waits by itself.
  'claude-err-429ra': failing(429, { retryAfterSeconds: 3 }),
  'claude-waiting': { ...failing(429, { retryAfterSeconds: 30 }), signal: 'SIGTERM', saying: 'api_retry' },
  'claude-err-500': failing(500),
  'claude-err-529': failing(529),
  'claude-err-insufficient': failing('quota'),
  'claude-usage-limit': {
    ...failing('quota', { resetInSeconds: 18_000 }),
    without: 'ANTHROPIC_API_KEY',
    environment: { CLAUDE_CODE_OAUTH_TOKEN: 'made-up-token-3c90b7' },
  },
  'claude-err-toolong': failing('too-long'),
  'claude-stdin11mb': { answers: [hello], prompt: 'x'.repeat(11 * 1024 * 1024) },
  'claude-err-drop': failing('drop'),
  'claude-err-midfail': { answers: [{ fail: 'stream-error' }, hello] },
  'claude-err-truncated': { answers: [{ fail: 'truncated' }, hello] },
  'claude-refusal': failing('refused'),
  'claude-refused': { answers: [hello], unreachable: true },
  'claude-maxturns': { ...writing('a.txt', 'b.txt', 'c.txt'), args: ['--max-turns', '2'] },
  'claude-budget': { ...writing('a.txt', 'b.txt', 'c.txt'), args: ['--max-budget-usd', '0.0002'] },
  'claude-badarg': calledWith('--nosuchflag'),
  'claude-badschema': calledWith('--json-schema', '{'),
  'claude-badresume': calledWith('--resume', nobody),
  'claude-noverbose': { answers: [hello], leaving: ['--verbose'] },
  'claude-SIGINT': hanging('SIGINT'),
  'claude-SIGTERM': hanging('SIGTERM'),
  'codex-ok': { answers: [hello] },
  'codex-schema': underSchema,
  'codex-tool': writing('notes.txt'),
  'codex-reconnected': {
    answers: [{ fail: 'truncated' }, hello],
    args: provider('stream_max_retries=1'),
  },
  'codex-err-401': failing(401),
  'codex-err-403': failing(403),
  'codex-envkey-missing': calledWith(...provider('env_key="NO_SUCH_KEY"', 'requires_openai_auth=false')),
  'codex-err-429': failing(429),
  'codex-err-429ra': failing(429, { retryAfterSeconds: 1 }),
  'codex-429-retry': { ...failing(429), args: provider('request_max_retries=1') },
  'codex-err-500': failing(500),
  'codex-500-retry': { ...failing(500), args: provider('request_max_retries=1', 'stream_max_retries=2') },
  'codex-err-503': failing(503),
  'codex-err-insufficient': failing('quota'),
  'codex-usage-limit': failing('quota', { resetInSeconds: 7_200 }),
  'codex-usage-limit-days': failing('quota', { resetInSeconds: 300_000 }),
  'codex-err-toolong': failing('too-long'),
  'codex-input-too-long': { answers: [hello], prompt: 'x'.repeat(1024 * 1024) },
  'codex-err-drop': failing('drop'),
  'codex-err-truncated': failing('truncated'),
  'codex-trunc-retry': { ...failing('truncated'), args: provider('stream_max_retries=2') },
  'codex-err-midfail': failing('stream-error'),
  'codex-err-ratefail': failing('stream-error', { code: 'rate_limit_exceeded' }),
  'codex-err-ctxfail': failing('stream-error', { code: 'context_length_exceeded' }),
  'codex-content-filter': failing('refused'),
  'codex-refused': {
    ...calledWith('-c', 'features.unbounded_connection_retries=true'),
    unreachable: true,
    signal: 'SIGTERM',
    saying: 'Reconnecting',
  },
  'codex-refused-bounded': { answers: [hello], unreachable: true },
  'codex-badarg': calledWith('--nosuch'),
  'codex-badschema': calledWith('--output-schema', '/home/user/no-such-schema.json'),
  'codex-badresume': calledWith('resume', nobody),
  'codex-nogit': { answers: [hello], leaving: ['--skip-git-repo-check'] },
  'codex-SIGINT': hanging('SIGINT'),
  'codex-SIGTERM': hanging('SIGTERM'),
  'gemini-ok': { answers: [hello] },
  'gemini-tool': writing('notes.txt'),
  'gemini-nokey': {
    answers: [hello],
    geminiSettings: { security: { auth: { selectedType: 'no-such-login' } } },
  },
  'gemini-nokey2': { answers: [hello], without: 'GEMINI_API_KEY' },
  'gemini-err-401': failing(401),
  'gemini-err-403': failing(403),
  'gemini-err-429': failing(429),
  'gemini-retry-in': failing(429, { retryAfterSeconds: 34.075 }),
  'gemini-err-500': failing(500),
  'gemini-err-503': failing(503),
  'gemini-err-insufficient': failing('quota'),
  'gemini-daily-quota': failing('quota', { resetInSeconds: 18_000 }),
  'gemini-err-toolong': failing('too-long'),
  'gemini-err-drop': failing('drop'),
  'gemini-err-midfail': failing('stream-error'),
  'gemini-err-truncated': failing('truncated'),
  'gemini-maxturns': {
    ...writing('a.txt', 'b.txt', 'c.txt'),
    geminiSettings: { model: { skipNextSpeakerCheck: true, maxSessionTurns: 2 } },
  },
  'gemini-badarg': calledWith('--nosuch'),
  'gemini-untrusted': {
    answers: [hello],
    geminiSettings: {
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: true } },
    },
  },
  'gemini-noprompt': { answers: [hello], prompt: '' },
  'gemini-badresume': calledWith('--resume', nobody),
  'gemini-SIGINT': hanging('SIGINT'),
  'gemini-SIGTERM': hanging('SIGTERM'),
};
