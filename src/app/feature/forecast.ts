/** What the plan that waits at its gate will take: measured from what is on disk. Reads only, and spends nothing. */
import { join } from 'node:path';
import { type Forecast, forecast } from '../../domain/money/forecast.js';
import { checkPlan } from '../../feature/plan-file.js';
import { readIfExists } from '../../host/files.js';
import type { FeatureRecord } from './record.js';

/**
 * @returns undefined where no plan waits, or where it cannot be used as it stands. `scripted`: the models are played, so
 *   that no tokens are used and nothing is paid
 */
export async function planForecast(
  feature: FeatureRecord,
): Promise<{ forecast: Forecast; scripted: boolean } | undefined> {
  const journal = await feature.journal();
  if (!journal.view().gates.some(({ gate }) => gate === 'plan')) return undefined;
  const { directory } = feature;
  const [tasks = '', spec = '', input] = await Promise.all([
    readIfExists(join(directory, 'tasks.json')),
    readIfExists(join(directory, 'spec.md')),
    feature.input(),
  ]);
  const checked = checkPlan(tasks);
  if (!checked.ok) return undefined;
  const prepared = journal.entries().findLast((entry) => entry.kind === 'prepared');
  const { plan } = checked;
  const about = [spec, ...plan.tasks.map((task) => task.description)].join('\n');
  // Loaded here: it brings git, which most who look can do without.
  const { measureRepository } = await import('../../prompt-context/repository.js');
  // A look does not fail for a base that is gone.
  const sizes = await measureRepository(input, about).catch(() => undefined);
  if (sizes === undefined) return undefined;
  const measured = { spec: Buffer.byteLength(spec), ...sizes };
  const { config } = input;
  return {
    forecast: forecast(plan, config, prepared?.available ?? [], measured),
    scripted: config.script !== null,
  };
}
