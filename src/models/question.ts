/** What is asked: all that an adapter makes a command of, and a call's line and account name. */
import type { ModelSettings } from '../domain/models/settings.js';
import type { Mode, ModelName, Purpose, Role } from '../domain/vocabulary.js';
import type { AnswerSchema } from './answers/schemas.js';

export interface Question {
  purpose: Purpose;
  role: Role;
  task?: string | undefined;
  model: ModelName;
  mode: Mode;
  settings: ModelSettings;
  /** What the answer must be, where it is not free text; for models that can be held to it. */
  schema?: AnswerSchema | undefined;
  /** An absolute path: the command may read here, and change nothing. */
  readable?: string | undefined;
  /** The directory that the command runs in, an absolute path; in edit mode, the one that it edits. */
  cwd: string;
  /** The file that every model is played from, an absolute path, or null. */
  script: string | null;
  /** Where the scripted model keeps account of its calls, an absolute path. */
  ledger: string;
}
