/** Gates: the places where a person decides. */

import type { FeatureMode } from './input.js';
import type { OpenGate } from './open-gate.js';

export type { OpenGate };

export type GatePolicy = 'ask' | 'auto';

/** When each kind of gate asks. `spec: auto` still asks while the spec has open questions. */
export interface GatePolicies {
  spec: GatePolicy;
  plan: GatePolicy;
  task: GatePolicy;
  result: GatePolicy;
}

/**
 * Whether a gate asks a person. Static mode asks nobody; what it may not approve by itself it leaves failed.
 *
 * @param openQuestions how many questions the spec leaves open; only for the spec's gate
 */
export function gateAsks(
  kind: keyof GatePolicies,
  policies: GatePolicies,
  mode: FeatureMode,
  openQuestions = 0,
): boolean {
  if (mode === 'static') return false;
  return policies[kind] === 'ask' || (kind === 'spec' && openQuestions > 0);
}

/** The longest text that a message may carry, in characters; longer things go by file. */
export const messageMaxLength = 10_000;

/** What is wrong with a message's text, as a sentence, or undefined. */
export function messageProblem(message: string): string | undefined {
  if (message.trim() === '') return 'The message is empty; say why.';
  if (message.length > messageMaxLength)
    return `The message is ${message.length} characters long; at most ${messageMaxLength} are allowed. Put longer texts in a file of the repository and name it.`;
  return undefined;
}
