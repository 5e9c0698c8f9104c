/** A workflow that makes calls one after the other, as the workflows of a feature do. */
import { followingActivities } from '../dist/workflows/options.js';

/** @param {import('../dist/activities/types.js').RefineInput[]} inputs */
export async function callsInSequence(inputs) {
  const { refinePlan } = followingActivities({ embedded: true, callSeconds: 60 });
  for (const input of inputs) await refinePlan(input);
}
