/**
 * Reasons as sentences for a person, and apart from them what can be typed about it: a web page shows the first and
 * has buttons for the second. Pure.
 */
import { briefly, type Reason, type ReasonCode, type ReasonParams } from '../domain/reasons.js';
import { modelTitles } from '../domain/vocabulary.js';
import { amountText } from './amounts.js';
import { endText, redText } from './check-text.js';
import { adviceHint, adviceText, modelFailedText, passedText, routeText } from './model-reasons.js';
import { count, momentUtc } from './words.js';

/** Whose reason it is. */
export interface ReasonContext {
  feature: string;
}

type Sentences = { [C in ReasonCode]: (params: ReasonParams[C]) => string };

const sentences: Sentences = {
  'spec-to-read': () => 'Read the specification; approve it, or reject it with a reason.',
  'spec-questions': ({ questions }) =>
    `The specification leaves ${count(questions, 'question')} open; approve with answers, or approve to go on with assumptions.`,
  'spec-unusable': ({ text }) => `No specification found: ${text}`,
  'plan-ready': ({ tasks }) => `${count(tasks, 'task')} planned; approve, edit, or reject with a reason.`,
  'no-usable-plan': ({ text, answer }) =>
    `No usable plan came after three answers: ${text} The last answer is in ${answer}. Write the plan by hand and approve, or reject with a reason to have it made again.`,
  'plan-file-unusable': ({ text }) => text,
  'revisions-used': ({ of, times }) => `The ${of} was made again ${count(times, 'time')}, which is the most.`,
  'result-breaks': ({ checks }) =>
    `The branch breaks ${redText(checks)}; reject with a reason to have it put right.`,
  'result-still-red': ({ checks }) => `All tasks are done. Red before and still red: ${checks.join(', ')}.`,
  'result-unchecked': () => 'All tasks are done; no check was run, so the branch is unverified.',
  'result-passes': () => 'All tasks are done and the checks pass.',
  'budget-held': ({ why }) => (why === undefined ? 'The budget is used up.' : reasonText(why)),
  'manual-review': ({ why }) =>
    why === undefined ? 'Manual review required.' : `Manual review required: ${reasonText(why)}`,

  stuck: stuckText,

  'budget-spent': ({ unit, limit, spent }) =>
    `The budget of ${amountText(unit, limit)} is used up: ${amountText(unit, spent)} ${isOrAre(spent)} spent.`,
  'budget-short': ({ unit, limit, spent, next }) =>
    `The budget of ${amountText(unit, limit)} does not reach for the next call: ${amountText(unit, spent)} are spent or reserved, and it may need ${amountText(unit, next)}.`,
  'call-failed': ({ text, ...failed }) => (failed.final ? `${text} ${adviceText(failed)}` : text),
  'no-model': ({ role, why }) => `No model can be ${role}: ${routeText(why)}.`,
  'answer-unusable': answerUnusableText,
  unapproved: ({ checks, text }) =>
    [...(checks.length === 0 ? [] : [`failing checks: ${redText(checks)}`]), text ?? []].flat().join('; '),
  conflict: ({ text }) => `The draft conflicts with what other tasks have put on the branch since:\n${text}`,
  'breaks-branch': ({ checks, text }) =>
    `On top of what other tasks have put on the branch since, the draft breaks: ${redText(checks)}\n${text}`,
  'edit-breaks': ({ checks }) =>
    `What you changed breaks ${redText(checks)}. Change it again and approve, or approve once more to take it as it is.`,
  'merge-breaks': ({ into, checks, outputs, directory }) =>
    `On ${into} the checks do not pass, so nothing was changed: ${redText(checks)}. The output is in ${outputs.join(', ')} below ${directory}.`,
  'setup-failed': ({ check, text }) =>
    `${check.name} does not work in a fresh worktree of the project (${endText(check.ended)}), so nothing could be verified. Put it right, or name the commands in blueprint.config.json, and start the feature again.\n${text}`,
  'stopped-by-person': () => 'Stopped by a person.',
  'feature-stopped': () => 'The feature was stopped.',
  person: ({ text }) => text,
  problem: ({ text }) => text,
  unforeseen: ({ text }) => text,

  'first-choice': (params) => routeText({ code: 'first-choice', params }),
  'passed-over': (params) => routeText({ code: 'passed-over', params }),
  'none-fits': (params) => routeText({ code: 'none-fits', params }),
  races: (params) => routeText({ code: 'races', params }),
  'quota-first': (params) => routeText({ code: 'quota-first', params }),
  'answered-before': (params) => routeText({ code: 'answered-before', params }),

  'only-draft': () => 'it is the only draft',
  'only-passing': () => 'the checks pass for this draft only',
  'breaks-fewest': ({ broke }) =>
    `the checks pass for no draft, and this one breaks no more than the other (${broke}); it is corrected`,
  'judged-better': ({ text }) => text,

  'stands-in': ({ wanted, why, model, roles }) =>
    `${passedText({ model: wanted, why })}: ${modelTitles[model]} stands in as ${roles.join(', ')}.`,
  'quota-wait': ({ model, until, purpose, task }) =>
    `${modelTitles[model]} has no quota left. Waiting until ${momentUtc(until)} (${purpose}${task === undefined ? '' : ` of ${task}`}).`,
  'model-failed': modelFailedText,
  'bad-answer': ({ purpose, model, text }) =>
    purpose === 'plan'
      ? `Failed to parse tasks JSON: ${text}`
      : `The answer of ${modelTitles[model]} could not be used (${purpose}): ${text}`,
  'refinement-failed': ({ why }) => `Supervisor refinement failed, using original tasks: ${reasonText(why)}`,
  'race-goes-on': ({ model, task }) =>
    `${modelTitles[model]} waits for its quota; the race of ${task} goes on without its draft.`,
  'author-unknown': ({ task }) =>
    `git knows no user.name and user.email in the repository, so the commit of ${task} names Blueprint as its author.`,
  'draft-empty': ({ task }) => `The draft of ${task} changes nothing.`,
  'rewind-failed': ({ why }) => `The feature was not rewound: ${reasonText(why)}`,

  'decision-late': ({ decision, gate, number, waits }) =>
    `${decision} for opening ${number} of the gate ${gate} came too late: ${waits === undefined ? 'the gate is not open' : `opening ${waits} is the one that waits`}.`,
  'budget-gate': () => 'The gate budget is passed by a higher budget.',
  'not-stoppable': ({ task, state }) =>
    `Task ${task} cannot be stopped: it is ${state ?? 'not in the plan'}.`,
  'not-allowed': ({ task, state, action }) =>
    `Task ${task} is ${state} and cannot be ${action === 'retry' ? 'retried' : 'skipped'}.`,
  'no-task': ({ task }) => `There is no task ${task}.`,
  'no-plan': () => 'There is no plan yet; its gate will ask for one.',
  'plan-invalid': ({ text }) => text,
  'task-settled': ({ task, state, change }) => `Task ${task} is ${state} and cannot be ${change}d.`,
  'rewind-unplanned': () => 'There is no approved plan yet, so there is nothing to put back.',
  'rewind-under-way': () => 'The feature is being rewound already.',
  'budget-unnamed': () => 'Say what the budget is to be, in calls, tokens or dollars.',
  'budget-not-positive': ({ unit }) => `The budget in ${unitNames[unit]} must be a number above 0.`,
  'budget-not-whole': ({ unit }) => `The budget in ${unitNames[unit]} must be a whole number.`,
  'budget-below-spent': ({ unit, limit, spent, named }) => {
    const gone = `${amountText(unit, spent)} ${isOrAre(spent)} spent or reserved`;
    return named
      ? `The budget in ${unitNames[unit]} must be more than what is gone already: ${gone}.`
      : `The budget of ${amountText(unit, limit)} is used up as well: raise it too (${gone}).`;
  },
};

const unitNames = { calls: 'calls', tokens: 'tokens', usd: 'dollars' } as const;

/** A reason as a sentence for a person, or several. No command is in it. */
export function reasonText(reason: Reason): string {
  return text(reason);
}

/** The code's own function, with the parameters that belong to it. A newer version's journal may hold other codes. */
const text = <C extends ReasonCode>(reason: { code: C; params: ReasonParams[C] }): string =>
  Object.hasOwn(sentences, reason.code) ? sentences[reason.code](reason.params) : briefly(reason);

const isOrAre = (amount: number): string => (amount === 1 ? 'is' : 'are');

function stuckText({ waiting, failed, stopped, blocked, budgetHeld }: ReasonParams['stuck']): string {
  const parts = [
    [waiting, 'waits for your decision', 'wait for your decision'],
    [failed, 'failed', 'failed'],
    [stopped, 'was stopped', 'were stopped'],
    [blocked, 'is blocked', 'are blocked'],
  ] as const;
  const words = parts
    .filter(([tasks]) => tasks.length > 0)
    .map(([tasks, one, many]) => `${tasks.join(', ')} ${tasks.length === 1 ? one : many}`);
  return `${[...(budgetHeld ? ['The budget is used up'] : []), ...words].join('; ')}.`;
}

function answerUnusableText({ purpose, of, text: problem }: ReasonParams['answer-unusable']): string {
  const names: Partial<Record<typeof purpose, string>> = {
    draft: 'draft',
    correct: 'correction',
    review: 'review',
    compare: 'comparison',
  };
  const what = `${names[purpose] ?? purpose}${of === undefined ? '' : ` of ${of}`}`;
  return `The ${what} could not be used: ${problem}`;
}

/** What a person can type about a reason, each a sentence; none where nothing but the sentence is to be said. */
export function reasonHints(reason: Reason, { feature }: ReasonContext): string[] {
  const { code, params } = reason;
  switch (code) {
    case 'spec-questions':
      return [`Answer with \`blueprint approve ${feature} spec -m TEXT\`.`];
    case 'no-usable-plan':
      return [`\`blueprint edit ${feature} plan\` opens tasks.json.`];
    case 'revisions-used':
      return [`Edit it by hand: blueprint edit ${feature} ${params.of}.`];
    case 'budget-held':
      return [`Raise it: ${raiseCommand(feature)}.`];
    case 'budget-gate':
      return [`Raise it: ${raiseCommand(feature)}. To end it instead: blueprint stop ${feature}.`];
    case 'budget-unnamed':
    case 'budget-not-positive':
    case 'budget-not-whole':
    case 'budget-below-spent':
      return [`Raise it with --calls N, --tokens N or --usd N.`];
    case 'stuck':
      return [`\`blueprint status ${feature}\` shows what can be done.`];
    case 'call-failed':
      return params.final ? adviceHint(params) : [];
    case 'no-model':
      return ['`blueprint doctor` tells what is missing.'];
    case 'quota-wait':
      return ['`blueprint resume` has it asked again at once.'];
    case 'model-failed':
      return params.rest?.kind === 'left-out'
        ? [...adviceHint(params), '`blueprint resume` or `retry` has it asked again.']
        : [];
    case 'manual-review':
    case 'refinement-failed':
    case 'rewind-failed':
      return params.why === undefined ? [] : reasonHints(params.why, { feature });
    default:
      return [];
  }
}

const raiseCommand = (feature: string): string =>
  `blueprint raise-budget ${feature} --calls N, --tokens N or --usd N`;

/** The sentence and what can be typed, on one line: for a terminal. */
export const reasonLine = (reason: Reason, context: ReasonContext): string =>
  [reasonText(reason), ...reasonHints(reason, context)].join(' ');
