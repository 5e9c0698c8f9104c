/** What the plan that waits at its gate will take: measured from what is on disk. Reads only, and spends nothing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureStatus } from '../domain/feature/status.js';
import { forecast } from '../domain/money/forecast.js';
import { readFeatureInput } from '../feature/feature-file.js';
import { readJournal } from '../feature/journal.js';
import { checkPlan } from '../feature/plan-file.js';
import { featureDirectory } from '../feature/project.js';
import { forecastLines } from '../present/forecast-text.js';

/** @returns nothing where no plan waits, or where it cannot be used as it stands */
export async function planForecast(root: string, { name, gates }: FeatureStatus): Promise<string[]> {
  if (!gates.some(({ gate }) => gate === 'plan')) return [];
  const directory = featureDirectory(root, name);
  const [tasks, spec, input, journal] = await Promise.all([
    textOf(join(directory, 'tasks.json')),
    textOf(join(directory, 'spec.md')),
    readFeatureInput(directory),
    readJournal(directory),
  ]);
  const checked = checkPlan(tasks);
  if (!checked.ok || input === undefined) return [];
  const prepared = journal.findLast((entry) => entry.kind === 'prepared');
  const { plan } = checked;
  const about = [spec, ...plan.tasks.map((task) => task.description)].join('\n');
  // Loaded here: it brings git, which most who look can do without.
  const { measureRepository } = await import('../prompt-context/repository.js');
  // A look does not fail for a base that is gone.
  const sizes = await measureRepository(input, about).catch(() => undefined);
  if (sizes === undefined) return [];
  const measured = { spec: Buffer.byteLength(spec), ...sizes };
  const { config } = input;
  const found = forecast(plan, config, prepared?.available ?? [], measured);
  return forecastLines(found, config.script !== null);
}

/** Empty where there is none. */
const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
