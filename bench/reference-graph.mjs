/**
 * The reference graph: spec, parse, refine, then twelve tasks, each a code call and a review; three are rejected once,
 * corrected and reviewed again. 33 calls; the longest way through them is 17 calls long (spec, parse, refine, T1,
 * T3, T7, T10, T12, of which T3 and T7 take four).
 */

export const calls = 33;
export const idealCalls = 17;

/** @type {Record<string, string[]>} */
const dependencies = {
  T1: [],
  T2: ['T1'],
  T3: ['T1'],
  T4: ['T1'],
  T5: ['T1'],
  T6: ['T2'],
  T7: ['T3'],
  T8: ['T4'],
  T9: ['T5'],
  T10: ['T6', 'T7'],
  T11: ['T8', 'T9'],
  T12: ['T10', 'T11'],
};
const rejectedOnce = ['T3', 'T7', 'T11'];

export const plan = {
  tasks: Object.entries(dependencies).map(([id, dependsOn]) => ({
    id,
    title: `Write ${id}`,
    description: `Write the file ${id}.txt.`,
    type: 'code',
    dependsOn,
  })),
};

/** @param {boolean} approved */
const review = (approved) =>
  JSON.stringify(
    approved
      ? { approved, feedback: 'Good.', corrections: [] }
      : { approved, feedback: 'Not yet.', corrections: ['Say that it is corrected.'] },
  );

/**
 * @param {string} path
 * @param {string} content
 */
const file = (path, content) => `\`\`\`text path=${path}\n${content}\n\`\`\`\n`;

/** @type {import('./model.mjs').Answers} */
export const answers = {
  spec: '# The specification\n\nEach task writes a file.\n',
  plan: JSON.stringify(plan),
  refine: JSON.stringify(plan),
  review: review(true),
  ...Object.fromEntries(rejectedOnce.map((id) => [`review-${id}-1`, review(false)])),
  ...Object.fromEntries(
    plan.tasks.flatMap(({ id }) => [
      [`draft-${id}`, file(`${id}.txt`, `draft of ${id}`)],
      [`correct-${id}`, file(`${id}.txt`, `corrected ${id}`)],
    ]),
  ),
};
