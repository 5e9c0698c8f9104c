/** `blueprint models`: which models there are, and which one each role would get, and why. */
import { ownReviews, roleChoices } from '../../domain/models/choices.js';
import { ownReviewText } from '../../present/model-reasons.js';
import { choiceLines, modelLines } from '../../present/models-text.js';
import { type GlobalOptions, openContext } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { findModels, foundModels } from '../models.js';
import { print, printJson } from '../output.js';
import { loadSettings } from '../settings.js';

export async function models(global: GlobalOptions, { json }: { json?: boolean }): Promise<number> {
  const { config } = await loadSettings(await openContext(global));
  const findings = await findModels(config);
  const found = foundModels(findings);
  if (json === true)
    printJson({
      models: findings,
      roles: roleChoices(config, found).map(({ model, vendorModel, ...choice }) => ({
        ...choice,
        model: model ?? null,
        vendorModel: vendorModel ?? null,
      })),
      warnings: ownReviews(config, found).map(ownReviewText),
    });
  else print(...modelLines(findings), '', ...choiceLines(config, found));
  return found.available.length === 0 ? exitStatus.error : exitStatus.done;
}
