/** `blueprint edit`: the specification or the plan, in the person's editor. */

import {
  type Edit,
  type Feature,
  isProblem,
  Problem,
  type Project,
  type TakenEdit,
} from '../../app/index.js';
import { problemText } from '../../present/problems.js';
import { type Program, type Run, shownPath } from '../command.js';
import { openInEditor } from '../editor.js';
import { exitStatus } from '../exit-status.js';
import { moveOn } from '../move-on.js';
import { note } from '../output.js';

export function addEdit(program: Program, run: Run): void {
  program
    .command('edit <name> [part]')
    .description('the spec or the plan in $VISUAL or $EDITOR')
    .option('--markdown', 'the plan as Markdown instead of JSON')
    .action(
      run.inProject((project, name, part, { markdown }) =>
        edit(project, project.feature(name), partOf(part), markdown),
      ),
    );
}

function partOf(part: string | undefined): 'spec' | 'plan' | undefined {
  if (part === undefined || part === 'spec' || part === 'plan') return part;
  throw new Problem('usage', `There is no ${part} to edit; name spec or plan.`);
}

export async function edit(
  project: Project,
  feature: Feature,
  part: 'spec' | 'plan' | undefined,
  markdown = false,
): Promise<number> {
  const opened = await feature.edit({ part, format: markdown ? 'markdown' : 'json' });
  if (opened.isResumed) note(`You go on with what you wrote before, in ${shownPath(opened.path)}.`);
  await openInEditor(opened.path);
  const taken = await keeping(feature, opened, () => opened.take());
  return say(project, feature, opened, taken);
}

function say(project: Project, feature: Feature, opened: Edit, taken: TakenEdit): Promise<number> | number {
  switch (taken.kind) {
    case 'unchanged':
      note('Nothing was changed.');
      return exitStatus.done;
    case 'saved':
      note(
        `Saved to ${shownPath(taken.file)}; \`blueprint approve ${feature.name} ${opened.part}\` takes it.`,
      );
      return exitStatus.done;
    case 'to-send':
      return moveOn(project, {
        feature,
        answeredByWorker: true,
        async act() {
          await keeping(feature, opened, () => taken.send());
          note(`The plan of ${feature.name} is changed.`);
        },
      });
  }
}

/** What cannot be taken is kept, and the person is told where. */
async function keeping<T>({ name }: Feature, opened: Edit, take: () => Promise<T>): Promise<T> {
  try {
    return await take();
  } catch (error) {
    const problem = isProblem(error) ? problemText(error) : error instanceof Error ? error.message : error;
    const part = opened.format === 'markdown' ? 'plan --markdown' : opened.part;
    throw new Problem(
      'edit-refused',
      `${problem}\nNothing was changed. Your text is kept in ${shownPath(opened.path)}; \`blueprint edit ${name} ${part}\` opens it again.`,
      { cause: error },
    );
  }
}
