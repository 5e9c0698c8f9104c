/** What Temporal's own pages show of a workflow, in Markdown: short, and made from data. Pure. */
import type { OpenGate } from './feature/gates.js';
import { briefly } from './reasons.js';
import type { Phase, TaskState } from './vocabulary.js';

/** A feature: its phase, what waits, and each task with its state. */
export function featurePage(feature: {
  name: string;
  phase: Phase;
  stopped: boolean;
  gates: readonly OpenGate[];
  tasks: readonly { id: string; title: string; state: TaskState }[];
}): string {
  const { name, phase, stopped, gates, tasks } = feature;
  return [
    `**${name}**: ${phase}${stopped ? ' (stopped)' : ''}`,
    '',
    ...gates.map(({ gate, reason }) => `- waits at **${gate}**: ${briefly(reason)}`),
    ...tasks.map(({ id, title, state }) => `- ${id} ${title}: ${state}`),
  ].join('\n');
}

/** A round of a task: what it does just now. */
export function roundPage(round: {
  task: { id: string; title: string };
  round: number;
  step: string;
  /** 0 for the first draft, then the correction's number, of `of`. */
  iteration: number;
  of: number;
}): string {
  const { task, step, iteration, of } = round;
  const correction = iteration === 0 ? '' : `, iteration ${iteration}/${of}`;
  return `**${task.id}** ${task.title}\n\nRound ${round.round}: ${step}${correction}`;
}
