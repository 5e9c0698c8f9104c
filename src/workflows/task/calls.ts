/** The calls of one round of a task: each named by the task and the attempt, and known while it runs. */
import { defineSignal, setHandler } from '@temporalio/workflow';
import type { Answered } from '../../domain/calls/answer.js';
import { checksCall, compareCall, correctCall, draftCall, reviewCall } from '../../domain/calls/call-key.js';
import { signalNames } from '../../domain/feature/protocol.js';
import type { Answerer } from '../../domain/feature/types.js';
import { draftRole } from '../../domain/models/routing.js';
import { type Absences, forgetAbsences, foundSince } from '../../domain/models/unavailable.js';
import type { Reason } from '../../domain/reasons.js';
import type { FileReference } from '../../domain/references.js';
import type { CompareWork, Correction, DraftResult, TaskPlace } from '../../domain/tasks/draft.js';
import { attemptNumber, type CheckResult, protectedFilesFinding } from '../../domain/tasks/review.js';
import type { TaskRoundInput, TaskRoundOutcome } from '../../domain/tasks/round.js';
import type { CompareOutcome, ReviewOutcome } from '../../domain/tasks/steps.js';
import type { ModelName, Role } from '../../domain/vocabulary.js';
import { createJournal, type Journal } from '../journal.js';
import { createModels, type ModelNeeds } from '../models.js';
import { createOpenCalls } from '../open-calls.js';
import { followingActivities } from '../options.js';

/** The feature's workflow passes it on. */
const resume = defineSignal(signalNames.resume);

export interface Round {
  input: TaskRoundInput;
  journal: Journal;
  /** Corrections made so far in this round. */
  iterations: number;
  /** The number of the draft that is worked on, within its task. */
  attempt(): number;
  draft(how?: {
    correct?: Correction | undefined;
    racer?: ModelName | undefined;
    onWait?: ModelNeeds['onWait'];
  }): Promise<Answered<DraftResult>>;
  runChecks(draft: DraftResult, label?: string): Promise<CheckResult[]>;
  review(
    draft: DraftResult | undefined,
    checks: CheckResult[],
    author: ModelName | undefined,
    earlier: FileReference | undefined,
  ): Promise<Answered<ReviewOutcome>>;
  compare(drafts: CompareWork['drafts']): Promise<Answered<CompareOutcome>>;
  failed(reason: Reason): TaskRoundOutcome;
  /** Models that the round's calls found to be not there, besides those that it was told of. */
  absences(): Absences | undefined;
  /** Who answered the round's calls, in order. */
  answers(): Answerer[];
  /**
   * Ends every call of the round that was not seen to end.
   *
   * @param label only those of this draft of a race
   */
  endCalls(label?: string): Promise<void>;
}

export function createRound(input: TaskRoundInput): Round {
  const { feature, task, config, preparation } = input;
  const journal = createJournal(feature);
  const absences = { ...input.absences };
  let resumes = 0;
  setHandler(resume, () => {
    forgetAbsences(absences);
    resumes++;
  });
  const models = createModels(
    { config, preparation, absences, answers: input.answers, resumes: () => resumes },
    journal,
  );
  const activities = followingActivities({
    embedded: input.embedded,
    callSeconds: Math.max(config.limits.callSeconds, config.limits.checkSeconds),
  });
  const openCalls = createOpenCalls(activities, feature);
  const context = {
    spec: input.spec,
    notes: input.notes,
    checkCommands: preparation.checks.map((check) => check.command),
    featureBase: input.featureBase,
    base: input.base,
  };

  const place = (label?: string): TaskPlace => ({ task, attempt: round.attempt(), label });
  const needs = (role: Role, purpose: ModelNeeds['purpose'], more?: Partial<ModelNeeds>): ModelNeeds => ({
    role,
    purpose,
    task: task.id,
    contentChars: input.specChars + task.description.length,
    ...more,
  });

  const round: Round = {
    input,
    journal,
    iterations: 0,
    attempt: () => attemptNumber(input.round, round.iterations, config.maxIterations),

    async draft({ correct, racer, onWait } = {}) {
      const purpose = correct === undefined ? 'draft' : 'correct';
      const work = { ...place(racer), context };
      const { attempt } = work;
      const role = draftRole(task.type, correct !== undefined);
      const answer = await models.ask<DraftResult>(needs(role, purpose, { only: racer, onWait }), (ask) => {
        const call = correct === undefined ? draftCall(ask, work) : correctCall(ask, { ...work, correct });
        const { model, previous } = ask;
        return openCalls.track(
          call,
          () =>
            activities.draft.executeWithOptions({ summary: `${task.id} ${purpose} ${attempt} by ${model}` }, [
              { feature, call, model, previous, ...work, correct },
            ]),
          racer,
        );
      });
      if (answer.ok)
        journal.note({
          kind: 'draft',
          task: task.id,
          attempt,
          commit: answer.commit,
          files: answer.files,
          model: answer.call.model,
          label: racer,
        });
      return answer;
    },

    async runChecks(draft, label) {
      const attempt = round.attempt();
      const found = protectedFilesFinding(draft.protectedEdits ?? []);
      const note = (results: CheckResult[]) => {
        if (results.length > 0) journal.note({ kind: 'checks', task: task.id, attempt, results, label });
        return results;
      };
      if (draft.commit === undefined || preparation.checks.length === 0) return note(found);
      const { commit, base: since } = draft;
      const call = checksCall(place(label), commit);
      await journal.write();
      const results = await openCalls.track(
        call,
        () =>
          activities.runChecks.executeWithOptions({ summary: `${task.id} checks of draft ${attempt}` }, [
            { feature, call, place: { task: task.id, label }, commit, since, preparation },
          ]),
        label,
      );
      return note([...found, ...results]);
    },

    review(draft, checks, author, earlier) {
      const work = { ...place(), context, draft, checks, reason: input.next?.reason, earlier };
      return models.ask<ReviewOutcome>(needs('reviewer', 'review', { author }), (ask) => {
        const call = reviewCall(ask, work);
        const { model, previous } = ask;
        return openCalls.track(call, () =>
          activities.review.executeWithOptions({ summary: `${task.id} review ${work.attempt} by ${model}` }, [
            { feature, call, model, previous, ...work },
          ]),
        );
      });
    },

    compare(drafts) {
      const work = { ...place(), context, drafts };
      return models.ask<CompareOutcome>(needs('reviewer', 'compare'), (ask) => {
        const call = compareCall(ask, work);
        const { model, previous } = ask;
        return openCalls.track(call, () =>
          activities.compare.executeWithOptions({ summary: `${task.id} comparison by ${model}` }, [
            { feature, call, model, previous, ...work },
          ]),
        );
      });
    },

    failed: (reason) => ({ kind: 'failed', reason, iterations: round.iterations }),

    absences: () => foundSince(input.absences ?? {}, absences),

    answers: () => models.answers(),

    endCalls: (label) => openCalls.end(label),
  };
  return round;
}

/** A draft without the call that made it: what later steps are told. */
export const draftOf = ({
  commit,
  base,
  label,
  files,
  outputs,
  protectedEdits,
}: DraftResult): DraftResult => ({ commit, base, label, files, outputs, protectedEdits });
