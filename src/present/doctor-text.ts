/** What `blueprint doctor` found. Pure. */
import type { Finding } from '../domain/doctor.js';
import { columns } from './table.js';

const marks: Record<Finding['state'], string> = { ok: '✓', note: '-', missing: '✗' };

export const findingLines = (findings: readonly Finding[]): string[] =>
  columns(
    findings.map(({ what, state, detail, advice }) => [`${marks[state]} ${what}`, sentences(detail, advice)]),
  );

const sentences = (detail: string, advice: string | undefined): string =>
  advice === undefined ? detail : `${detail}: ${advice}`;
