/** Gates from a workflow: opened, shown, waited at for as long as it takes, and closed by a person's decision. */
import type { OpenGate } from '../../domain/feature/gates.js';
import type { ApproveMessage, RejectMessage } from '../../domain/feature/protocol.js';
import type { FeatureState } from '../../domain/feature/types.js';
import { because, type Reason } from '../../domain/reasons.js';
import type { FileReference } from '../../domain/references.js';
import type { Journal } from '../journal.js';
import type { Runtime } from '../runtime.js';

export type Decision =
  | { kind: 'approved'; message?: string | undefined }
  | { kind: 'rejected'; message: string; reopenSpec: boolean }
  /** What it was about is gone: the task was stopped, skipped or begun again. */
  | { kind: 'withdrawn' };

/** A decision, and the number of the opening that it was about. */
export type Decided = Decision & { opening: number };

export interface Opening {
  reason: Reason;
  about?: FileReference | undefined;
  /** Whether static mode may approve it; where it may, it does so at once. */
  mayBeAutomatic: boolean;
  /** Nothing else of the feature can move meanwhile. */
  blocksAll: boolean;
}

export interface Gates {
  /**
   * Opens a gate and waits for its decision. A gate of this name that is open already (the run continued as new,
   * or the feature was stopped there) is waited at under its number.
   */
  wait(gate: string, opening: Opening): Promise<Decided>;
  approve(message: ApproveMessage): void;
  reject(message: RejectMessage): void;
  withdraw(gate: string): void;
  /** The gate as it waits; undefined where it is not open. */
  open(gate: string): OpenGate | undefined;
  /** Closes a gate, where it is open, because what it asked for is there. */
  pass(gate: string): void;
}

export interface GateDeps {
  state: Pick<FeatureState, 'gates' | 'gatesOpened' | 'mode'>;
  journal: Pick<Journal, 'note' | 'write'>;
  runtime: Pick<Runtime, 'until'>;
  publish(): void;
  /** Runs the person's own command for gates that open. */
  notify(gate: OpenGate): Promise<void>;
}

export function createGates({ state, journal, runtime, publish, notify }: GateDeps): Gates {
  /** Decisions that nobody has taken up yet, by gate and opening: their waits end a moment later. */
  const decisions = new Map<string, Decision>();
  const keyOf = (gate: string, number: number) => `${gate} ${number}`;
  const find = (gate: string) => state.gates.find((open) => open.gate === gate);

  const decide = (gate: string, number: number, decision: Decision): void => {
    const open = find(gate);
    // The journal shows a gate a moment before the server knows of it: what was decided then waits for it.
    const early = number > state.gatesOpened;
    if ((early || open?.number === number) && !decisions.has(keyOf(gate, number))) {
      decisions.set(keyOf(gate, number), decision);
      return;
    }
    const reason = because('decision-late', { decision: decision.kind, gate, number, waits: open?.number });
    journal.note({ kind: 'ignored', reason });
  };

  const open = async (gate: string, { reason, about, blocksAll }: Opening): Promise<OpenGate> => {
    const before = find(gate);
    const opened: OpenGate = before ?? { gate, number: ++state.gatesOpened, about, reason };
    if (before === undefined) {
      state.gates.push(opened);
      journal.note({ kind: 'gate-opened', gate: opened });
    }
    publish();
    if (blocksAll) journal.note({ kind: 'waiting', reason });
    await journal.write();
    return opened;
  };

  const close = async (opened: OpenGate, decision: Decision, automatic: boolean): Promise<void> => {
    decisions.delete(keyOf(opened.gate, opened.number));
    state.gates = state.gates.filter((other) => other.number !== opened.number);
    publish();
    await journal.write({
      kind: 'gate-closed',
      gate: opened.gate,
      number: opened.number,
      decision: decision.kind,
      message: decision.kind === 'withdrawn' ? undefined : decision.message,
      automatic,
    });
  };

  const decideOpen = (gate: string, decision: Decision): void => {
    const waiting = find(gate);
    if (waiting !== undefined) decide(gate, waiting.number, decision);
  };

  const isAutomatic = (opening: Opening) => state.mode === 'static' && opening.mayBeAutomatic;

  return {
    async wait(gate, opening) {
      const opened = await open(gate, opening);
      const notified = notify(opened);
      // The wait may end first, by a stop: then nobody asks how it went.
      notified.catch(() => undefined);
      await runtime.until(() => decisions.has(keyOf(gate, opened.number)) || isAutomatic(opening));
      const decided = decisions.get(keyOf(gate, opened.number));
      const decision: Decision = decided ?? { kind: 'approved' };
      await close(opened, decision, decided === undefined);
      await notified;
      return { ...decision, opening: opened.number };
    },
    approve: ({ gate, number, message }) => decide(gate, number, { kind: 'approved', message }),
    reject: ({ gate, number, message, reopenSpec }) =>
      decide(gate, number, { kind: 'rejected', message, reopenSpec: reopenSpec ?? false }),
    withdraw: (gate) => decideOpen(gate, { kind: 'withdrawn' }),
    open: find,
    pass: (gate) => decideOpen(gate, { kind: 'approved' }),
  };
}
