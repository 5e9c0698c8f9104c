/** What `blueprint doctor` found. Pure. */
import { type RoutingRules, route } from '../../domain/routing.js';
import { type ModelName, modelTitles, type Role, roles } from '../../domain/vocabulary.js';
import { columns, table } from './table.js';

export interface Finding {
  what: string;
  /** `missing`: nothing can be done without it. */
  state: 'ok' | 'note' | 'missing';
  detail: string;
  /** What to do about it. */
  advice?: string | undefined;
}

export interface ModelFinding {
  model: ModelName;
  ok: boolean;
  detail: string;
  advice?: string | undefined;
}

const marks: Record<Finding['state'], string> = { ok: '✓', note: '-', missing: '✗' };

export const findingLines = (findings: readonly Finding[]): string[] =>
  columns(
    findings.map(({ what, state, detail, advice }) => [`${marks[state]} ${what}`, sentences(detail, advice)]),
  );

export const modelLines = (models: readonly ModelFinding[]): string[] =>
  table(
    ['  MODEL', 'FOUND', 'WHAT TO DO'],
    models.map(({ model, ok, detail, advice }) => [
      `${marks[ok ? 'ok' : 'note']} ${modelTitles[model]}`,
      detail,
      advice ?? '',
    ]),
  );

/** Which model each role would get, and where the reviewer would judge its own work. */
export function roleLines(rules: RoutingRules, available: readonly ModelName[]): string[] {
  const first = (role: Role, author?: ModelName) =>
    route({ role, contentChars: 0, ...(author === undefined ? {} : { author }) }, rules, available);
  const author = first('coder').models[0];
  const rows = roles.map((role) => {
    const { models, reason } = first(role, role === 'reviewer' ? author : undefined);
    const [model] = models;
    const same =
      role === 'reviewer' && model !== undefined && model === author ? ', which is the author too' : '';
    return [`  ${role}`, model === undefined ? 'none' : modelTitles[model], reason + same];
  });
  return table(['  ROLE', 'MODEL', 'WHY'], rows);
}

const sentences = (detail: string, advice: string | undefined): string =>
  advice === undefined ? detail : `${detail}: ${advice}`;
