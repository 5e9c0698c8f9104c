/** What a call used, as far as the model reports it. Unknown is undefined and never counts as zero. */
export interface Usage {
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  costUsd?: number | undefined;
}

/** Adds up; a sum is known only as far as its parts are, and is undefined when no part is known. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: plus(a.inputTokens, b.inputTokens),
    outputTokens: plus(a.outputTokens, b.outputTokens),
    costUsd: plus(a.costUsd, b.costUsd),
  };
}

const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined ? b : b === undefined ? a : a + b;
