/** What `blueprint doctor` found. Pure. */
import type { Finding } from '../domain/doctor.js';
import { columns } from './table.js';

const remedies: Record<NonNullable<Finding['remedy']>, string> = {
  'restart-server': '`blueprint server stop`, then start it again.',
};

const marks: Record<Finding['state'], string> = { ok: '✓', note: '-', missing: '✗' };

export const findingLines = (findings: readonly Finding[]): string[] =>
  columns(
    findings.map(({ what, state, detail, advice, remedy }) => [
      `${marks[state]} ${what}`,
      sentences(detail, remedy === undefined ? advice : remedies[remedy]),
    ]),
  );

const sentences = (detail: string, advice: string | undefined): string =>
  advice === undefined ? detail : `${detail}: ${advice}`;
