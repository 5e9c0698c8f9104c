/** Follows a feature on the screen until it stands still. */
import { setInterval as every } from 'node:timers/promises';
import {
  type CallOutput,
  type Ending,
  emptyView,
  endingAfter,
  endingOf,
  type Feature,
  type FeatureEvent,
  type FeatureView,
  type JournalEntry,
  type WorkflowState,
} from '../../app/index.js';
import { entryLines, withTask } from '../../present/entry-text.js';
import { applyToClocks, liveLines, newClocks } from '../../present/live-text.js';
import { failedTryLine } from '../../present/log-text.js';
import { shownPath } from '../command.js';
import type { Screen } from './screen.js';

/** What a person has seen of a feature. */
export interface Seen {
  /** The number of the journal's last entry. */
  event: number;
  /** What calls print from then on. */
  output: CallOutput;
}

/** What there is of a feature just now; nothing of one that is not there yet. */
export const currentState = async (feature: Feature): Promise<Seen> => ({
  event: await feature.lastEvent(),
  output: await feature.liveOutput(),
});

export interface FollowOptions {
  feature: Feature;
  seen: Seen;
  screen: Screen;
  signal: AbortSignal;
  /**
   * For what may have nothing to do: a feature that stood still before, and of which nothing is heard for this long,
   * still stands there.
   */
  quietMs?: number | undefined;
}

/** Five times a second: a person sees it as at once. */
const drawMs = 200;
/** What Temporal knows is asked for only when the journal is silent for long: a workflow may be ended by hand. */
const askMs = 10_000;

/** @returns how it stands, or undefined when the signal was aborted */
export async function followFeature(options: FollowOptions): Promise<Ending | undefined> {
  const { feature, seen, screen } = options;
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  const clocks = newClocks();
  const showOutput = outputPrinter(seen.output, screen);
  const workflow = workflowWatch(feature, screen);
  let view: FeatureView = emptyView();
  let ending: Ending | undefined;
  let heardAt = Date.now();
  let heardAny = false;

  const conclude = (found: Ending | undefined) => {
    if (found === undefined) return;
    ending ??= found;
    end.abort();
  };
  const draw = async (): Promise<void> => {
    await showOutput();
    const running = seen.output.running();
    screen.live(liveLines({ view, clocks, running, now: Date.now(), ...screen.size() }));
    const quiet = Date.now() - heardAt;
    if (!heardAny && options.quietMs !== undefined && quiet > options.quietMs) conclude(endingOf(view));
    if (quiet < askMs) return;
    heardAt = Date.now();
    conclude(await workflow());
  };
  const take = async (event: FeatureEvent): Promise<void> => {
    view = event.view;
    applyToClocks(clocks, event.entry);
    if (event.number <= seen.event) return;
    heardAt = Date.now();
    heardAny = true;
    await showEntry(event, feature, screen, showOutput);
    conclude(endingAfter(event.entry, view));
  };

  const drawing = repeat(drawMs, signal, draw).catch((error: unknown) => {
    end.abort();
    throw error;
  });
  try {
    for await (const event of feature.events({ signal })) {
      await take(event);
      if (ending !== undefined) break;
    }
  } finally {
    end.abort();
    await drawing.finally(() => screen.end());
  }
  return ending;
}

/** Runs at once and then again and again, one after the other, until the signal is aborted. */
async function repeat(ms: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  await work();
  try {
    for await (const _ of every(ms, undefined, { signal })) await work();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** What is read of the calls and shown as it comes: the specification, and tries that failed. */
function outputPrinter(output: CallOutput, screen: Screen): () => Promise<void> {
  let reading: Promise<void> | undefined;
  const show = async () => {
    for (const { about, lines, failure } of await output.read()) {
      if (about.purpose === 'spec') screen.print(lines.map((line) => `  │ ${line}`));
      if (failure !== undefined && about.purpose !== undefined)
        screen.print([withTask(about.task, failedTryLine(about.purpose, failure))]);
    }
  };
  // One reading at a time: two would both give the same lines.
  return () => {
    reading ??= show().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}

async function showEntry(
  { entry, view }: FeatureEvent,
  feature: Feature,
  screen: Screen,
  showOutput: () => Promise<void>,
): Promise<void> {
  // What a call printed comes before the entry that says that it ended.
  if (entry.kind === 'call' || entry.kind === 'spec') await showOutput();
  if (isToldAtTheEnd(entry)) return;
  const rawText = entry.kind === 'error' ? await feature.rawOutput(entry.rawOutput) : undefined;
  const directory = shownPath(feature.directory);
  screen.print(entryLines(entry, { feature: feature.name, directory, view, rawText }));
}

/** What the feature waits for as a whole ends the following, and is what is said then. */
const isToldAtTheEnd = (entry: JournalEntry): boolean =>
  entry.kind === 'waiting' ||
  (entry.kind === 'gate-opened' && ['spec', 'plan', 'budget', 'result'].includes(entry.gate.gate));

/** Asks Temporal for the workflow, says what keeps it from going on, and returns the end that it has come to there. */
function workflowWatch(feature: Feature, screen: Screen): () => Promise<Ending | undefined> {
  let known: WorkflowState = 'running';
  return async () => {
    const state = await feature.workflowState().catch(() => 'unknown' as const);
    if (state === 'unknown' && known !== 'unknown')
      screen.print([
        'The Temporal server does not answer; `blueprint server start` starts it, and it goes on then.',
      ]);
    known = state;
    if (state !== 'failed' && state !== 'ended') return undefined;
    screen.print([
      `The workflow of ${feature.name} has ended in Temporal; \`blueprint resume ${feature.name}\` starts it anew.`,
    ]);
    return 'failed';
  };
}
