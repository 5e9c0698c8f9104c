/** One round of a task, as its parts share it: what it was given, and what it makes its calls with. */
import type { TaskRoundInput } from '../../domain/tasks/round.js';
import type { Journal } from '../journal.js';
import type { Runtime } from '../runtime.js';
import type { RoundCalls } from './calls.js';

export interface Round {
  input: TaskRoundInput;
  journal: Pick<Journal, 'note' | 'write'>;
  runtime: Runtime;
  calls: RoundCalls;
}
