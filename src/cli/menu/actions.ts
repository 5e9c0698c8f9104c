/** What the menu does for each choice. */
import { input } from '@inquirer/prompts';
import { type Feature, messageProblem, type Project } from '../../app/index.js';
import type { Choice } from '../../present/menu-text.js';
import { parseBudget } from '../budget.js';
import { approve } from '../commands/approve.js';
import { edit } from '../commands/edit.js';
import { logs } from '../commands/logs.js';
import { raiseBudget } from '../commands/raise-budget.js';
import { reject } from '../commands/reject.js';
import { resume } from '../commands/resume.js';
import { retry } from '../commands/retry.js';
import { skip } from '../commands/skip.js';
import { stop } from '../commands/stop.js';
import { exitStatus } from '../exit-status.js';
import { tell } from '../failure.js';
import { continueFeature } from '../move-on.js';
import { note } from '../output.js';
import { showInPager } from '../pager.js';

/** Does it, and says what went wrong instead of ending the loop. */
export async function actOn(project: Project, feature: Feature, choice: Choice): Promise<number> {
  try {
    return await act(project, feature, choice);
  } catch (error) {
    const { message, status } = tell(error);
    if (status === exitStatus.interrupted) throw error;
    note(message);
    return status;
  }
}

async function act(project: Project, feature: Feature, choice: Choice): Promise<number> {
  switch (choice.kind) {
    case 'read':
      return read(feature, choice.what);
    case 'approve': {
      const message = await answer(feature.name, choice.gate);
      return approve(project, feature, { gate: choice.gate, ...(message === '' ? {} : { message }) });
    }
    case 'reject': {
      const message = await input({ message: 'Why?', validate: (text) => messageProblem(text) ?? true });
      return reject(project, feature, { gate: choice.gate, message });
    }
    case 'edit':
      return edit(project, feature, choice.gate);
    case 'stop':
      return stop(project, feature, choice.task);
    case 'stop-all':
      return stop(project, feature, undefined);
    case 'retry':
      return retry(project, feature, { task: choice.task });
    case 'skip':
      return skip(project, feature, { task: choice.task });
    case 'resume':
      return resume(project, feature);
    case 'raise-budget': {
      const budget = parseBudget(await input({ message: 'The new limits, such as calls=80 or usd=5:' }));
      return raiseBudget(project, feature, { budget });
    }
    case 'follow':
      return continueFeature(project, { feature, act: async () => {} });
  }
}

/** Open questions are answered with the approval of the specification; any other needs no words. */
const answer = async (name: string, gate: string): Promise<string> =>
  gate === 'spec'
    ? input({ message: `Anything to say to the specification of ${name}? (Enter for nothing)` })
    : '';

async function read(feature: Feature, what: 'spec' | 'plan' | 'diff' | 'logs'): Promise<number> {
  if (what === 'logs') return logs(feature);
  if (what === 'diff') return readDiff(feature);
  const text = what === 'spec' ? await feature.spec() : await feature.plan();
  await showInPager(text ?? 'There is none yet.\n');
  return exitStatus.done;
}

async function readDiff(feature: Feature): Promise<number> {
  const diff = await feature.diff();
  if (diff === undefined) {
    note(`There is no branch of ${feature.name} yet.`);
    return exitStatus.done;
  }
  if (diff.truncated) note('The diff is long and was cut off; `git diff` shows it whole.');
  await showInPager(diff.text === '' ? 'Nothing was changed yet.\n' : diff.text);
  return exitStatus.done;
}
