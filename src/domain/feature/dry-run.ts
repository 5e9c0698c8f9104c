/** What a feature would begin with, and take. Types only. */

import type { Check, Config } from '../config/schema.js';
import type { FoundModels } from '../models/choices.js';
import type { ModelFinding } from '../models/findings.js';
import type { CommitHash } from '../references.js';
import type { ModelName, Purpose } from '../vocabulary.js';

export interface PromptSize {
  purpose: Purpose;
  model: ModelName | undefined;
  bytes: number;
  /** What comes on top, and is not there yet. */
  besides?: string;
}

export interface DryRun {
  name: string;
  config: Config;
  /** The commit that it would build on; undefined outside git. */
  base: CommitHash | undefined;
  /** Paths of the checkout that the base lacks. A bounded number. */
  notInBase: string[];
  setup: string | null;
  checks: Check[];
  findings: ModelFinding[];
  found: FoundModels;
  prompts: PromptSize[];
  /** The brief is the specification: no model is asked for one. */
  specGiven: boolean;
}
