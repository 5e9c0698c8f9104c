/** The drafts of a task, side by side. Types only. */

import type { FeatureResult } from '../feature/outcome.js';
import type { Reason } from '../reasons.js';
import type { CommitHash } from '../references.js';
import type { ModelName } from '../vocabulary.js';
import type { CheckResult } from './checks.js';

/** A draft, as it is compared with others. */
export interface ComparedDraft {
  attempt: number;
  /** Of a race's draft: its model's name. */
  label?: string | undefined;
  model: ModelName;
  /** Its only parent is what it was made on. */
  commit?: CommitHash | undefined;
  /** It won the race. */
  selected: boolean;
  checks: CheckResult[];
  review?: { approved: boolean; feedback: string; corrections: string[]; model: ModelName } | undefined;
  stat: FeatureResult['files'];
  /** Cut to a bounded length. */
  diff?: string;
}

/** `blueprint compare NAME TASK --json`. */
export interface Comparison {
  feature: string;
  task: string;
  race?: { selected: string; reason: Reason; judgedBy: 'checks' | 'supervisor' } | undefined;
  /** Those of the last race; without one, all drafts and corrections. */
  drafts: ComparedDraft[];
  /** How many more there are. */
  others: number;
}
