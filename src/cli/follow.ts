/** Follows a feature on the screen until it stands still. */
import { join } from 'node:path';
import type { BlueprintClient } from '../app/index.js';
import type { WorkflowState } from '../domain/feature/status.js';
import type { JournalEntry } from '../domain/journal/entries.js';
import type { FeatureEvent } from '../domain/journal/fold.js';
import { emptyView, type FeatureView } from '../domain/journal/view.js';
import { readJournal } from '../feature/journal.js';
import { featureDirectory } from '../feature/project.js';
import { entryLines, withTask } from '../present/entry-text.js';
import { applyToClocks, liveLines, newClocks } from '../present/live-text.js';
import { failedTryLine } from '../present/log-text.js';
import { finishedCalls, followCalls } from './call-output.js';
import { shownPath } from './context.js';
import { readRawText } from './raw-text.js';
import type { Screen } from './screen.js';
import { type Ending, endingAfter, endingOf, entryKey } from './settled.js';

/** What was there before: a person has seen it. */
export interface Seen {
  entries: ReadonlySet<string>;
  calls: readonly string[];
}

/** What there is of a feature just now; nothing of one that is not there yet. */
export async function whatIsThere(root: string, name: string): Promise<Seen> {
  const directory = featureDirectory(root, name);
  const [entries, calls] = await Promise.all([
    readJournal(directory),
    finishedCalls(join(directory, 'calls')),
  ]);
  return { entries: new Set(entries.map(entryKey)), calls };
}

export interface FollowOptions {
  root: string;
  client: BlueprintClient;
  name: string;
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
  const { root, client, name, seen, screen } = options;
  const directory = featureDirectory(root, name);
  const shownDirectory = shownPath(directory);
  const calls = followCalls(join(directory, 'calls'), seen.calls);
  const clocks = newClocks();
  const end = new AbortController();
  const signal = AbortSignal.any([options.signal, end.signal]);
  let view: FeatureView = emptyView();
  let ending: Ending | undefined;
  let failure: unknown;
  let heardAt = Date.now();
  let heardAny = false;
  let known: WorkflowState = 'running';

  const conclude = (found: Ending | undefined) => {
    if (found === undefined) return;
    ending ??= found;
    end.abort();
  };

  let reading: Promise<void> | undefined;
  const showOutput = (): Promise<void> => {
    reading ??= calls
      .read()
      .then((came) => {
        for (const { about, lines, failure } of came) {
          if (about.purpose === 'spec') screen.print(lines.map((line) => `  │ ${line}`));
          if (failure !== undefined && about.purpose !== undefined)
            screen.print([withTask(about.task, failedTryLine(about.purpose, failure))]);
        }
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  const show = async ({ entry }: FeatureEvent): Promise<void> => {
    // What a call printed comes before the entry that says that it ended.
    if (entry.kind === 'call' || entry.kind === 'spec') await showOutput();
    if (isToldAtTheEnd(entry)) return;
    const rawText = entry.kind === 'error' ? await readRawText(directory, entry.rawOutput) : undefined;
    screen.print(entryLines(entry, { feature: name, directory: shownDirectory, view, rawText }));
  };

  const draw = () =>
    screen.live(liveLines({ view, clocks, running: calls.running(), now: Date.now(), ...screen.size() }));

  const beat = async (): Promise<void> => {
    await showOutput();
    draw();
    const quiet = Date.now() - heardAt;
    if (!heardAny && options.quietMs !== undefined && quiet > options.quietMs) conclude(endingOf(view));
    if (quiet < askMs) return;
    heardAt = Date.now();
    const state = await client.workflowState(name).catch(() => 'unknown' as const);
    if (state === 'unknown' && known !== 'unknown')
      screen.print([
        'The Temporal server does not answer; `blueprint server start` starts it, and it goes on then.',
      ]);
    known = state;
    if (state === 'failed' || state === 'ended') {
      screen.print([
        `The workflow of ${name} has ended in Temporal; \`blueprint resume ${name}\` starts it anew.`,
      ]);
      conclude('failed');
    }
  };

  const beats = everySoOften(drawMs, signal, beat).catch((error: unknown) => {
    failure = error;
    end.abort();
  });
  try {
    for await (const event of client.follow(name, signal)) {
      view = event.view;
      applyToClocks(clocks, event.entry);
      if (seen.entries.has(entryKey(event.entry))) continue;
      heardAt = Date.now();
      heardAny = true;
      await show(event);
      conclude(endingAfter(event.entry, view));
      if (ending !== undefined) break;
    }
  } finally {
    end.abort();
    await beats;
    screen.end();
  }
  if (failure !== undefined) throw failure;
  return ending;
}

/** What the feature waits for as a whole ends the following, and is what is said then. */
const isToldAtTheEnd = (entry: JournalEntry): boolean =>
  entry.kind === 'waiting' ||
  (entry.kind === 'gate-opened' && ['spec', 'plan', 'budget', 'result'].includes(entry.gate.gate));

/** Runs again and again, one after the other, until the signal is aborted. */
async function everySoOften(ms: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}
