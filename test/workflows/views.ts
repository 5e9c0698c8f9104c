/** What the tests of workflows look for in a feature's view. */
import type { FeatureView } from '../../src/domain/journal/view.js';
import type { TaskState } from '../../src/domain/vocabulary.js';

export const isOpen =
  (gate: string) =>
  (view: FeatureView): boolean =>
    view.gates.some((open) => open.gate === gate);

/** Nothing moves without a person. */
export const isWaiting = (view: FeatureView): boolean => view.waiting !== undefined;

export const states = (view: FeatureView): Record<string, TaskState> =>
  Object.fromEntries(view.tasks.map((one) => [one.id, one.state]));
