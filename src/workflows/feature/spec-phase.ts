/** Brief → spec, and the spec's gate. */

import { specCall } from '../../domain/calls/call-key.js';
import { gateAsks } from '../../domain/feature/gates.js';
import type { ProposedSpec } from '../../domain/feature/types.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { FileReference } from '../../domain/references.js';
import { failureFor } from '../failures.js';
import { noteCall } from '../models.js';
import { local } from '../options.js';
import type { FeatureRun } from './run.js';

/** @returns the approved specification, which the state has from then on */
export async function specPhase(run: FeatureRun): Promise<FileReference> {
  await run.enter('spec');
  for (;;) {
    run.state.proposedSpec ??= await makeSpec(run);
    const spec = await approved(run, run.state.proposedSpec);
    if (spec !== undefined) return spec;
  }
}

async function makeSpec(run: FeatureRun): Promise<ProposedSpec> {
  const { input, state, journal } = run;
  if (input.briefIsSpec && state.rejection === undefined) return given(run);
  const round = ++state.rounds.spec;
  const needs = { role: 'architect', purpose: 'spec', contentChars: input.brief.bytes } as const;
  const rejected =
    state.rejection === undefined
      ? undefined
      : { spec: state.rejection.file, reason: state.rejection.reason };
  const outcome = await run.models().call(needs, (ask) => {
    const about = { brief: input.brief, rejected };
    const call = specCall(ask, round, about);
    const { model, previous } = ask;
    return run.openCalls.track(call, () =>
      run.activities.writeSpec.executeWithOptions({ summary: `specification ${round} by ${model}` }, [
        { feature: input.feature, call, model, previous, ...about },
      ]),
    );
  });
  noteCall(journal, needs, outcome.call);
  state.rejection = undefined;
  await journal.write({ kind: 'spec', file: outcome.file, questions: outcome.questions });
  return outcome;
}

/** The brief is the specification already: no model is asked for one. */
async function given({ input, journal }: FeatureRun): Promise<ProposedSpec> {
  const taken = await local.takeSpec({ feature: input.feature, fromBrief: input.brief });
  if (!taken.ok) throw failureFor(because('spec-unusable', { text: taken.problem }));
  await journal.write({ kind: 'spec', file: taken.file, questions: taken.questions });
  return taken;
}

/** @returns undefined when the spec was rejected and is to be made again */
async function approved(run: FeatureRun, spec: ProposedSpec): Promise<FileReference | undefined> {
  const { input, state } = run;
  if (!gateAsks('spec', input.config.gates, state.mode, spec.questions.length)) {
    return keep(run, await assume(run, spec));
  }
  let about: FileReference = spec.file;
  let reason = whyAsked(spec.questions);
  for (;;) {
    const decision = await run.gates.wait('spec', { reason, about, mayBeAutomatic: true, blocksAll: true });
    if (decision.kind === 'rejected') {
      if (state.revisions.spec >= input.config.maxRevisions) {
        reason = because('revisions-used', { of: 'spec', times: state.revisions.spec });
        continue;
      }
      state.revisions.spec++;
      state.rejection = { file: about, reason: decision.message };
      state.proposedSpec = undefined;
      return undefined;
    }
    // What stands on disk is what is approved: the person may have edited it.
    const message = decision.kind === 'approved' ? decision.message : undefined;
    const taken = await local.takeSpec({
      feature: input.feature,
      addition: message === undefined ? undefined : { heading: 'Answers', text: message },
    });
    if (taken.ok) return keep(run, message === undefined ? await assume(run, taken) : taken);
    reason = because('spec-unusable', { text: taken.problem });
    about = spec.file;
    await run.journal.write({ kind: 'error', reason });
  }
}

const whyAsked = ({ length }: readonly string[]): Reason =>
  length === 0 ? because('spec-to-read') : because('spec-questions', { questions: length });

/** Questions that nobody answers are recorded as assumptions, so that the tasks' models know. */
async function assume(run: FeatureRun, spec: ProposedSpec): Promise<ProposedSpec> {
  if (spec.questions.length === 0) return spec;
  const text = spec.questions
    .map((question) => `- Not answered: ${question} The most conservative reading is assumed.`)
    .join('\n');
  const taken = await local.takeSpec({
    feature: run.input.feature,
    addition: { heading: 'Assumptions', text },
  });
  if (!taken.ok) throw failureFor(because('spec-unusable', { text: taken.problem }));
  return taken;
}

async function keep({ state, journal }: FeatureRun, spec: ProposedSpec): Promise<FileReference> {
  const edited = state.proposedSpec?.file.sha256 !== spec.file.sha256;
  state.proposedSpec = undefined;
  state.spec = spec.file;
  state.specChars = spec.chars;
  if (edited) await journal.write({ kind: 'spec', file: spec.file, questions: spec.questions });
  return spec.file;
}
