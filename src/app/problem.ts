import { Problem } from '../domain/problem.js';

/** What keeps us from doing what was asked: a sentence for a person, with what to do about it. */
export class ClientProblem extends Problem {
  override readonly name = 'ClientProblem';
}
