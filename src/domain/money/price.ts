/** What tokens cost by a price. Pure. */
import type { Price } from '../models/settings.js';

/** @param tokens.cachedInputTokens those of the input that the vendor had cached; none where absent */
export function dollars(
  price: Price,
  tokens: { inputTokens: number; cachedInputTokens?: number | undefined; outputTokens: number },
): number {
  const { inputTokens, cachedInputTokens = 0, outputTokens } = tokens;
  const input = (inputTokens - cachedInputTokens) * price.input;
  const cached = cachedInputTokens * (price.cachedInput ?? price.input);
  return (input + cached + outputTokens * price.output) / 1_000_000;
}
