/**
 * Activities that start no process: models answer from a script, drafts and integrations are made-up commits, checks
 * are red where the test says so. What is quick and on the disk (the journal, the specification, the plan, the
 * budget) is the real thing, in a real feature directory.
 */
import { CancelledFailure, Context } from '@temporalio/activity';
import { createLocalActivities } from '../../../src/activities/local.js';
import { activityFailure } from '../../../src/activities/scoped.js';
import type { Activities, LocalActivities } from '../../../src/activities/types.js';
import type { CallKey } from '../../../src/domain/calls/call-key.js';
import type { Preparation } from '../../../src/domain/feature/types.js';
import type { DraftResult } from '../../../src/domain/tasks/draft.js';
import { keepVersion, saveArtifact } from '../../../src/feature/artifacts.js';
import { type FeatureFolder, openFeatureFolder } from '../../../src/feature/scope.js';
import { parseFiles } from '../../../src/models/answers/files.js';
import { parsePlan } from '../../../src/models/answers/plan.js';
import { openQuestions } from '../../../src/models/answers/questions.js';
import { parseComparison, parseReview } from '../../../src/models/answers/review.js';
import { ask } from './ask.js';
import { rewind } from './rewind.js';
import { checkResult, type Stage, stubCommit } from './stage.js';

/** The models that are there. */
const available: Preparation['available'] = ['claude', 'codex', 'gemini', 'deepseek', 'openai-compatible'];

/** A running activity hears of a stop with the answer to a heartbeat. */
const heartbeatMs = 50;

/** @param stageOf the stage of a feature that runs */
export function createStubActivities(
  root: string,
  stageOf: (feature: string) => Stage,
): Activities & LocalActivities {
  /** As `scoped` does it, without calls of a store. */
  const staged =
    <Input extends { feature: string }, Output>(
      work: (input: Input, stage: Stage, folder: FeatureFolder) => Output | Promise<Output>,
    ) =>
    async (input: Input): Promise<Output> => {
      const context = Context.current();
      const heartbeats = setInterval(() => context.heartbeat(), heartbeatMs);
      try {
        return await work(input, stageOf(input.feature), await openFeatureFolder(root, input.feature));
      } catch (error) {
        if (context.cancellationDetails?.cancelRequested === true)
          throw new CancelledFailure('Stopped by a person.');
        throw activityFailure(error, context);
      } finally {
        clearInterval(heartbeats);
      }
    };

  return {
    prepare: staged((_, { world }, { input }) => {
      const checks = input.config.checks ?? [{ name: 'test', command: 'sh check.sh' }];
      const baseline = checks.map(({ name }) => checkResult(name, true));
      return { available, setup: null, checks, baseline, head: input.base, ...world.preparation };
    }),

    writeSpec: staged(async (input, stage, folder) => {
      const answered = await ask(stage, folder, input, { purpose: 'spec' }, (text) => ({ ok: true, text }));
      if (!answered.ok) throw new Error('unreachable: any text is a specification');
      const { text, call } = answered;
      await saveArtifact(folder.directory, 'spec.md', text);
      const file = await keepVersion(folder.directory, 'spec.md');
      return { call, file, chars: text.length, questions: openQuestions(text) };
    }),
    makePlan: staged((input, stage, folder) => ask(stage, folder, input, { purpose: 'plan' }, parsePlan)),
    refinePlan: staged((input, stage, folder) => ask(stage, folder, input, { purpose: 'refine' }, parsePlan)),

    draft: staged((input, stage, folder) => {
      const purpose = input.correct === undefined ? 'draft' : 'correct';
      return ask<DraftResult>(stage, folder, input, { purpose, task: input.task.id }, async (text) => {
        const files = parseFiles(text);
        if (!files.ok) return files;
        const { label, context } = input;
        const outputs = [await saveArtifact(folder.directory, `partial/${callName(input.call)}.txt`, text)];
        const { base } = context;
        const draft = { ok: true as const, label, files: files.files.map(({ path }) => path), outputs };
        if (base === undefined) return draft;
        const commit = stubCommit(callName(input.call), text);
        stage.texts.set(commit, text);
        return { ...draft, commit, base, protectedEdits: stage.world.protectedEdits?.(text) ?? [] };
      });
    }),
    review: staged((input, stage, folder) =>
      ask(stage, folder, input, { purpose: 'review', task: input.task.id }, async (text) => {
        const read = parseReview(text);
        if (!read.ok) return read;
        const file = await saveArtifact(folder.directory, `reviews/${callName(input.call)}.json`, text);
        return { ok: true, review: read.review, file, files: input.draft?.files ?? [] };
      }),
    ),
    compare: staged((input, stage, folder) =>
      ask(stage, folder, input, { purpose: 'compare', task: input.task.id }, (text) => {
        const labels = input.drafts.map(({ label }) => label);
        const read = parseComparison(text, labels);
        return read.ok ? { ok: true, ...read.comparison } : read;
      }),
    ),

    runChecks: staged(({ call, commit, place, preparation }, stage) => {
      stage.checked.push(callName(call));
      const red = stage.world.breaks?.(stage.texts.get(commit) ?? '', place) ?? [];
      return preparation.checks.map(({ name }) => checkResult(name, !red.includes(name)));
    }),
    integrate: staged((input, stage) => {
      const draft = stage.texts.get(input.draft) ?? '';
      const outcome = stage.world.integrate?.(input, draft) ?? {
        kind: 'integrated' as const,
        commit: stubCommit(`integrated ${input.task.id}`, input.draft),
      };
      if (outcome.kind === 'integrated') {
        stage.texts.set(outcome.commit, draft);
        const { commit } = outcome;
        stage.branch = [
          ...stage.branch,
          { task: input.task.id, title: input.task.title, commit, text: draft },
        ];
      }
      return outcome;
    }),
    takeWorktree: staged((input, { world }) => world.takes?.(input) ?? input.draft),
    rewind: staged((input, stage, folder) => rewind(input, stage, folder)),

    endCalls: staged(({ calls }, stage) => {
      stage.ended.push(...calls.map(callName));
    }),
    cleanUp: staged((_, stage) => {
      stage.cleanedUp = true;
    }),
    notify: staged(async ({ gate }, { world, notified }) => {
      notified.push(gate);
      await world.notifying;
    }),
    ...createLocalActivities({ root, heartbeatMs }),
  };
}

/** `T003-draft.1`. */
const callName = ({ name, round }: CallKey): string => `${name}.${round}`;
