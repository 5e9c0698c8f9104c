/** What the prompt loop does for each choice. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { input } from '@inquirer/prompts';
import { messageProblem } from '../../domain/feature/gates.js';
import { featureBranch } from '../../domain/names.js';
import { readFeatureInput } from '../../feature/feature-file.js';
import { featureDirectory } from '../../feature/project.js';
import type { Choice } from '../../present/menu-text.js';
import { diffOf } from '../../workspace/contents.js';
import { featureHead } from '../../workspace/repository.js';
import { parseBudget } from '../budget.js';
import type { Context } from '../context.js';
import { exitStatus } from '../exit-status.js';
import { tell } from '../failure.js';
import { goOn } from '../move-on.js';
import { note } from '../output.js';
import { showInPager } from '../pager.js';
import * as decide from './decide.js';
import { edit } from './edit.js';
import { logs } from './logs.js';
import { raiseBudget } from './raise-budget.js';
import { resume } from './resume.js';
import { stop } from './stop.js';

/** Does it, and says what went wrong instead of ending the loop. */
export async function actOn(context: Context, name: string, choice: Choice): Promise<number> {
  try {
    return await act(context, name, choice);
  } catch (error) {
    const { message, status } = tell(error);
    if (status === exitStatus.interrupted) throw error;
    note(message);
    return status;
  }
}

async function act(context: Context, name: string, choice: Choice): Promise<number> {
  const { options } = context;
  switch (choice.kind) {
    case 'read':
      return read(context, name, choice.what);
    case 'approve': {
      const message = await answer(name, choice.gate);
      return decide.approve(options, name, choice.gate, message === '' ? {} : { message });
    }
    case 'reject': {
      const message = await input({ message: 'Why?', validate: (text) => messageProblem(text) ?? true });
      return decide.reject(options, name, choice.gate, { message });
    }
    case 'edit':
      return edit(options, name, choice.gate);
    case 'stop':
      return stop(options, name, choice.task);
    case 'stop-all':
      return stop(options, name, undefined);
    case 'retry':
      return decide.retry(options, name, choice.task, {});
    case 'skip':
      return decide.skip(options, name, choice.task, {});
    case 'resume':
      return resume(options, name, {});
    case 'raise-budget': {
      const limits = parseBudget(await input({ message: 'The new limits, such as calls=80 or usd=5:' }));
      const said = Object.entries(limits).map(([unit, limit]) => [unit, String(limit)]);
      return raiseBudget(options, name, Object.fromEntries(said) as Record<string, string>);
    }
    case 'follow':
      return goOn(context, { name, act: async () => {} });
  }
}

/** Open questions are answered with the approval of the specification; any other needs no words. */
const answer = async (name: string, gate: string): Promise<string> =>
  gate === 'spec'
    ? input({ message: `Anything to say to the specification of ${name}? (Enter for nothing)` })
    : '';

/** More than anyone reads in a terminal. */
const diffMaxBytes = 4 * 1024 * 1024;

async function read(
  { root, options }: Context,
  name: string,
  what: 'spec' | 'plan' | 'diff' | 'logs',
): Promise<number> {
  if (what === 'logs') return logs(options, name, undefined, {});
  const directory = featureDirectory(root, name);
  if (what !== 'diff') {
    await showInPager(await readFile(join(directory, what === 'spec' ? 'spec.md' : 'tasks.json'), 'utf8'));
    return exitStatus.done;
  }
  const base = (await readFeatureInput(directory))?.base;
  const head = await featureHead(root, name);
  if (base === undefined || head === undefined) {
    note(`There is no branch ${featureBranch(name)} yet.`);
    return exitStatus.done;
  }
  const { text, truncated } = await diffOf(root, base, head, diffMaxBytes);
  if (truncated) note('The diff is long and was cut off; `git diff` shows it whole.');
  await showInPager(text === '' ? 'Nothing was changed yet.\n' : text);
  return exitStatus.done;
}
