/** What an approved plan will take, as a person reads it. Pure. */
import type { Range } from '../domain/money/estimate.js';
import type { Forecast } from '../domain/money/forecast.js';
import { modelTitles } from '../domain/vocabulary.js';
import { usdText } from './amounts.js';

/** @param scripted whether the models are played, so that no tokens are used and nothing is paid */
export function forecastLines({ calls, tokens, usd, unpriced }: Forecast, scripted: boolean): string[] {
  const count = `Approved, it takes ${span(calls, String)} calls to models`;
  if (scripted) return [`${count}, all played from the script.`];
  const known = `${count}, about ${span(tokens, rounded)} tokens`;
  if (unpriced.length === 0) return [`${known} and ${span(usd, usdText)}.`];
  const titles = unpriced.map((model) => modelTitles[model]).join(', ');
  const keys = unpriced.map((model) => `models.${model}.price`).join(', ');
  const others =
    usd.most === 0 ? 'dollars unknown' : `${span(usd, usdText)} without ${titles}, in all unknown`;
  return [`${known}; ${others}: ${keys} ${unpriced.length === 1 ? 'is' : 'are'} not configured.`];
}

const span = ({ least, most }: Range, text: (value: number) => string): string =>
  text(least) === text(most) ? text(least) : `${text(least)} to ${text(most)}`;

/** Two digits: the rest would claim to be known. */
const rounded = (value: number): string => Number(value.toPrecision(2)).toLocaleString('en-US');
