/** The configuration's schema: `blueprint.config.json`, its published JSON schema, and the frozen copy. */
import * as z from 'zod';
import { protectedFilesName } from '../tasks/checks.js';
import { modelNames, modes, roles, taskTypes } from '../vocabulary.js';
import { isGlob } from './globs.js';

const models = z.array(z.enum(modelNames)).min(1);
const gatePolicy = z.enum(['ask', 'auto']);
const seconds = z.number().int().positive().max(86_400);
const count = z.number().int().min(1).max(64);

const racers = z
  .array(z.enum(modelNames))
  .length(2)
  // The two drafts of a race are told apart by their models' names.
  .refine(([first, second]) => first !== second, 'must be two different models');

/** Of a folder inside the project; no way leads out of it. */
const innerFolder = z
  .string()
  .regex(
    /^(?!\/)(?!(.*\/)?\.\.(\/|$))[^\\\0]+$/,
    'must be a folder inside the project, such as packages/api',
  );
const globAdvice = 'must be globs, such as src/**, from the project’s root';
const globs = z.array(
  z
    .string()
    .regex(/^(?!\/)[^\\\0]+$/, globAdvice)
    .refine(isGlob, globAdvice),
);

export const checkSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$/, 'must be a short word, such as test')
    .refine((name) => name !== protectedFilesName, `must be another word than ${protectedFilesName}`),
  command: z.string().min(1).describe('Run by sh -c in the root of the worktree, or in `cwd`.'),
  cwd: innerFolder.optional().describe('The folder that it is run in, from the project’s root.'),
  paths: globs
    .min(1)
    .optional()
    .describe('Run only when the change touches one of these, such as packages/api/**.'),
  timeout: seconds.optional().describe('In seconds. Without it, limits.checkSeconds.'),
  parallel: z
    .boolean()
    .optional()
    .describe('Run beside the neighbours in the list that say so as well; all share one worktree.'),
});

/** The configuration is committed, and kept in the feature directory and in histories. */
const secretName = /(?:KEY|TOKEN|SECRET|PASSWORD|PASSPHRASE)$/i;
/** Servers that need no key take any word for one, such as `ollama`. */
const secretMinLength = 16;
const secretAdvice =
  'must hold no secret: set it in the environment, and name it in env.pass if it is not passed on';

const commandSettings = {
  model: z.string().min(1).optional().describe('The vendor’s name of the model.'),
  args: z.array(z.string()).default([]).describe('Put behind our own arguments, so that they win.'),
  env: z
    .record(z.string(), z.string())
    .superRefine((env, context) => {
      for (const [name, value] of Object.entries(env))
        if (secretName.test(name) && value.length >= secretMinLength)
          context.addIssue({ code: 'custom', path: [name], message: secretAdvice });
    })
    .default({})
    .describe('Set for the command. No secrets: those belong in the environment, named in env.pass.'),
};

const perMillion = z.number().min(0);

const modelSchema = z.strictObject({
  command: z.string().min(1).optional().describe('The program, instead of the one on the PATH.'),
  ...commandSettings,
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'must be an address, such as http://localhost:11434/v1' })
    // It is an argument of a process, and kept on disk.
    .refine((url) => !/^[a-z]+:\/\/[^/]*@/i.test(url), 'must hold no user and no password')
    .optional()
    .describe('Of a model that is reached by HTTP, and of codex.'),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'must be the name of an environment variable, and not the key itself')
    .optional()
    .describe('The environment variable that holds its key, of a model that is reached by HTTP.'),
  price: z
    .strictObject({
      input: perMillion,
      cachedInput: perMillion
        .optional()
        .describe('Of input that the vendor had cached; as input where absent.'),
      output: perMillion,
    })
    .optional()
    .describe('Dollars for a million tokens, for what the vendor does not price itself.'),
  maxPromptBytes: z.number().int().positive().optional().describe('The longest prompt it is given.'),
  roles: z
    .partialRecord(z.enum(roles), z.strictObject(commandSettings))
    .optional()
    .describe('For one role: its model name, and more arguments and environment.'),
});

/** Settings that a model's command has no use for, and what to do instead. */
const unusedSettings: Partial<Record<string, Partial<Record<keyof z.infer<typeof modelSchema>, string>>>> = {
  claude: {
    baseUrl: 'is not used: set ANTHROPIC_BASE_URL in the environment',
    apiKeyEnv: 'is not used: claude reads ANTHROPIC_API_KEY',
  },
  codex: { apiKeyEnv: 'is not used: codex reads CODEX_API_KEY' },
  gemini: {
    baseUrl: 'is not used: set GOOGLE_GEMINI_BASE_URL in the environment',
    apiKeyEnv: 'is not used: gemini reads GEMINI_API_KEY',
  },
  deepseek: { command: 'is not used: deepseek is reached by HTTP' },
  'openai-compatible': { command: 'is not used: openai-compatible is reached by HTTP' },
};

const mode = z.enum(modes);
const limit = z.number().positive().optional();

export const budgetSchema = z.strictObject({
  usd: limit.describe('Dollars, in all.'),
  tokens: limit.describe('Tokens in and out, in all.'),
  calls: z.number().int().positive().optional().describe('Calls to models, in all.'),
});

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  roles: z
    .strictObject({
      architect: models.default(['claude']),
      parser: models.default(['deepseek', 'gemini']),
      boilerplate: models.default(['gemini']),
      coder: models.default(['deepseek', 'gemini']),
      reviewer: models.default(['codex']),
      corrector: models.default(['codex']),
    })
    .prefault({})
    .describe('The models of each role, best first. All other available models follow as fallbacks.'),
  models: z
    .partialRecord(z.enum(modelNames).exclude(['scripted']), modelSchema)
    .superRefine((models, context) => {
      for (const [model, settings] of Object.entries(models))
        for (const [name, message] of Object.entries(unusedSettings[model] ?? {}))
          if (name in settings) context.addIssue({ code: 'custom', path: [model, name], message });
    })
    .default({})
    .describe('How each model is called.'),
  modes: z
    .strictObject({
      boilerplate: mode.default('text'),
      coder: mode.default('text'),
      corrector: mode.default('text'),
    })
    .prefault({})
    .describe(
      'How a role changes files: `text`, its answer holds them; `edit`, its command edits the task’s worktree itself, where the model can.',
    ),
  budget: budgetSchema
    .prefault({})
    .describe('What a feature may spend. Without `calls`, as many as its plan can need.'),
  maxContentChars: z
    .partialRecord(z.enum(modelNames), z.number().int().positive())
    .default({ deepseek: 60_000 })
    .describe('The most characters of content that a model is given; above it the next model is used.'),
  onQuota: z
    .enum(['next', 'wait'])
    .default('next')
    .describe(
      'When a model’s quota is used up: `next`, the role’s next model takes over; `wait`, its reset is waited for, where the vendor says when that is.',
    ),
  script: z
    .string()
    .nullable()
    .default(null)
    .describe('A file of answers: every model is played from it. Set by --script.'),
  gates: z
    .strictObject({
      spec: gatePolicy.default('auto'),
      plan: gatePolicy.default('ask'),
      task: gatePolicy.default('ask'),
      result: gatePolicy.default('ask'),
    })
    .prefault({})
    .describe('Where a person is asked. The spec gate also asks while the spec has open questions.'),
  maxParallelTasks: count.default(4).describe('Tasks that run at once.'),
  maxParallelCalls: count
    .default(8)
    .describe('Processes of models at once, over all features of the project.'),
  maxIterations: z.number().int().min(0).max(20).default(3).describe('Corrections of one draft.'),
  maxRevisions: z
    .number()
    .int()
    .min(0)
    .max(20)
    .default(5)
    .describe('Times a rejected spec or plan is made again.'),
  race: z
    .partialRecord(z.enum(taskTypes).exclude(['review']), racers)
    .default({})
    .describe('Task types that two models draft side by side; the checks and the supervisor choose.'),
  setup: z
    .string()
    .nullable()
    .optional()
    .describe('Makes a fresh worktree usable, such as npm ci. Detected when absent; null for none.'),
  checks: z
    .array(checkSchema)
    // A check's calls and results are found by its name.
    .refine(
      (checks) => new Set(checks.map((check) => check.name.toLowerCase())).size === checks.length,
      'must have names that differ',
    )
    .optional()
    .describe('Commands that must pass. Detected when absent; [] for none.'),
  maxParallelChecks: count
    .default(2)
    .describe(
      'Checks and setups that run at once, over all features of the project. Each finds its number, from 0, in BLUEPRINT_SLOT.',
    ),
  protect: globs
    .default(['.github/workflows/**', '.gitlab-ci.yml', '.circleci/**', 'blueprint.config.json'])
    .describe('Existing files that a draft may not change, delete or rename unless its task names them.'),
  share: z
    .array(innerFolder)
    .default([])
    .describe('Ignored folders of the checkout, such as node_modules, that are copied to where checks run.'),
  limits: z
    .strictObject({
      callSeconds: seconds.default(3_600),
      inactivitySeconds: seconds.default(600),
      checkSeconds: seconds.default(1_200),
      graceSeconds: z.number().int().min(0).max(300).default(5),
      tries: z.number().int().min(1).max(20).default(8),
    })
    .prefault({})
    .describe(
      'Limits of one call: in all, without output, of a check, between TERM and KILL; and its tries.',
    ),
  env: z
    .strictObject({ pass: z.array(z.string()).default([]) })
    .prefault({})
    .describe('Environment variables that model commands are given besides their own.'),
  notify: z
    .string()
    .nullable()
    .default(null)
    .describe('A command, run by sh -c, that gets each opened gate as JSON on standard input.'),
});

export type Config = z.infer<typeof configSchema>;
/** A configuration file as a person writes it: everything has a default. */
export type ConfigInput = z.input<typeof configSchema>;
export type Budget = z.infer<typeof budgetSchema>;
export type Check = z.infer<typeof checkSchema>;
