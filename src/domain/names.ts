/** Names of features, workflows, queues, branches and refs, and what is wrong with a bad one. */

const featureNameMaxLength = 64;

/** What is wrong with a feature's name, as a sentence for a person, or undefined when it is fine. */
export function featureNameProblem(name: string): string | undefined {
  if (name === '') return 'A feature needs a name, such as dark-mode.';
  if (name.length > featureNameMaxLength)
    return `The feature name is ${name.length} characters long; at most ${featureNameMaxLength} are allowed.`;
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    return `The feature name ${JSON.stringify(name)} is not usable: use lower-case letters, digits and hyphens, beginning with a letter or digit, such as dark-mode.`;
  if (name.endsWith('-')) return `The feature name ${JSON.stringify(name)} ends with a hyphen; remove it.`;
  return undefined;
}

/** Words that name something else where a task's id may stand: gates and `start` in commands, `head` and `rewound` among the refs. */
const reservedTaskIds = ['spec', 'plan', 'budget', 'result', 'head', 'start', 'rewound'];

/** What is wrong with a task's id, or undefined. Ids become file names and git refs. */
export function taskIdProblem(id: string): string | undefined {
  // States and records are kept in objects by id: a name that every object has would be taken for a task's.
  if (reservedTaskIds.includes(id.toLowerCase()) || id in Object.prototype)
    return `The task id ${id} is reserved; use one such as T001.`;
  if (/^[A-Za-z][A-Za-z0-9_-]{0,31}$/.test(id)) return undefined;
  return `The task id ${JSON.stringify(id)} is not usable: use a letter, then letters, digits, hyphens or underscores, 32 at most, such as T001.`;
}

/** @param instance the random id of a project's folder, from `.blueprint/id` */
export const featureWorkflowId = (instance: string, feature: string) => `blueprint/${instance}/${feature}`;

/** The id of one bounded round of one task. */
export const taskWorkflowId = (featureWorkflow: string, task: string, round: number) =>
  `${featureWorkflow}/${task}/${round}`;

export const taskQueueName = (instance: string) => `blueprint-${instance}`;

export const featureBranch = (feature: string) => `blueprint/${feature}`;

/** The truth of where a feature stands; the branch follows it. */
export const headRef = (feature: string) => `refs/blueprint/${feature}/head`;

/** A draft's own ref, made once and never moved. `label` tells the two drafts of a race apart. */
export const draftRef = (feature: string, task: string, attempt: number, label?: string) =>
  `refs/blueprint/${feature}/${task}/${attempt}${label === undefined ? '' : `-${label}`}`;

/** What a rewind has undone; made once and never moved. */
export const rewoundRef = (feature: string, number: number) => `refs/blueprint/${feature}/rewound/${number}`;
