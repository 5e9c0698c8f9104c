/** What the models' probes found. Types only. */

import type { Mode, ModelName } from '../vocabulary.js';

export interface ModelFinding {
  model: ModelName;
  ok: boolean;
  /** What its probe said. */
  detail: string;
  /** What its command can do. */
  modes: Mode[];
  /** What to do about one that is not there. */
  advice?: string | undefined;
}
