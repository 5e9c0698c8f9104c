/** What `blueprint doctor` found. Pure. */
import { columns } from './table.js';

export interface Finding {
  what: string;
  /** `missing`: nothing can be done without it. */
  state: 'ok' | 'note' | 'missing';
  detail: string;
  /** What to do about it. */
  advice?: string | undefined;
}

const marks: Record<Finding['state'], string> = { ok: '✓', note: '-', missing: '✗' };

export const findingLines = (findings: readonly Finding[]): string[] =>
  columns(
    findings.map(({ what, state, detail, advice }) => [`${marks[state]} ${what}`, sentences(detail, advice)]),
  );

const sentences = (detail: string, advice: string | undefined): string =>
  advice === undefined ? detail : `${detail}: ${advice}`;
