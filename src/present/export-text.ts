/** A pull request's text, in Markdown. The same feature always gives the same text. Pure. */
import type { FeatureExport } from '../domain/feature/outcome.js';
import { modelTitles } from '../domain/vocabulary.js';
import { checkBox } from './check-text.js';
import { cleanText } from './clean.js';
import { count, shortHash } from './words.js';

/** A pull request is read by people: longer texts are in the feature directory, and say too much here. */
const briefChars = 4_000;
const feedbackChars = 400;
const filesListed = 50;

export function pullRequestText(feature: FeatureExport): string {
  const { name, brief, spec, tasks, result } = feature;
  const parts = [
    `# ${titleOf(spec) ?? name}`,
    section('Why', quoted(shortened(brief.trim(), briefChars))),
    section('What', whatLines(feature)),
    section('Tasks', [
      '| Task | | Written by | Reviewed by | Commit |',
      '|---|---|---|---|---|',
      ...tasks.map(
        (task) =>
          `| ${[task.id, taskCell(task), author(task), reviewer(task), commitCell(task)].join(' | ')} |`,
      ),
    ]),
    section('Reviews', tasks.flatMap(reviewLines)),
    section('Checks', checkLines(result)),
    section('Changes', changeLines(result.files)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

type Task = FeatureExport['tasks'][number];

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [`## ${title}`, '', ...lines].join('\n');

/** The first heading, unless it only says that it is a specification. */
function titleOf(spec: string): string | undefined {
  const heading = /^#{1,3} +(.+?) *#*$/m
    .exec(spec)?.[1]
    ?.replace(/^(specification|spec)\s*[:–—-]\s*/i, '')
    .trim();
  if (heading === undefined || /^(the )?(specification|spec)$/i.test(heading)) return undefined;
  return line(heading);
}

/** Models and people write control characters too. */
const line = (text: string): string => cleanText(text).replace(/\s+/g, ' ').trim();
const cell = (text: string): string => line(text).replaceAll('|', '\\|');

const quoted = (text: string): string[] =>
  text === ''
    ? []
    : cleanText(text)
        .split('\n')
        .map((one) => (one.trim() === '' ? '>' : `> ${one}`));

const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most).trimEnd()} …`;

/** What each task was to do, in its own words. */
const whatLines = ({ tasks }: FeatureExport): string[] =>
  tasks
    .filter((task) => task.commit !== undefined)
    .map((task) =>
      `- **${line(task.title)}.** ${shortened(line(task.description), feedbackChars)}`.trimEnd(),
    );

const taskCell = ({ title, type, state }: Task): string =>
  `${cell(title)} (${type}${state === 'done' ? '' : `, ${state}`})`;
const author = (task: Task): string => (task.author === undefined ? '' : modelTitles[task.author]);
const reviewer = ({ review }: Task): string =>
  review === undefined ? '' : `${modelTitles[review.model]}${review.sameAsAuthor ? ', its author' : ''}`;
const commitCell = ({ commit }: Task): string => (commit === undefined ? '' : `\`${shortHash(commit)}\``);

function reviewLines({ id, review }: Task): string[] {
  if (review === undefined) return [];
  const verdict = review.approved ? 'approved' : 'not approved by the review; taken by a person';
  return [`- ${id}, ${verdict}: ${shortened(line(review.feedback), feedbackChars)}`];
}

function checkLines({ checks, verified, baseline, base, head }: FeatureExport['result']): string[] {
  const red = baseline.filter((check) => !check.passed).map((check) => check.name);
  return [
    ...(checks.length === 0 ? ['No checks ran on the whole of it: unverified.'] : checks.map(checkBox)),
    '',
    `On \`${shortHash(head)}\`, built on \`${shortHash(base)}\`${verified ? ', verified' : ''}.`,
    ...(red.length === 0 ? [] : [`Red before any change: ${red.join(', ')}.`]),
  ];
}

function changeLines(files: FeatureExport['result']['files']): string[] {
  const sum = (key: 'added' | 'removed') => files.reduce((total, file) => total + (file[key] ?? 0), 0);
  return [
    `${count(files.length, 'file')} changed, +${sum('added')} −${sum('removed')}`,
    '',
    ...files
      .slice(0, filesListed)
      .map(
        ({ path, added, removed }) =>
          `- \`${line(path)}\` ${added === undefined ? 'binary' : `+${added} −${removed ?? 0}`}`,
      ),
    ...(files.length > filesListed ? [`- … and ${files.length - filesListed} more`] : []),
  ];
}
