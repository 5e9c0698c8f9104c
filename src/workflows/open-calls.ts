/** The calls that a workflow has begun and not seen to end, so that a stop can end each of them. */
import type { Activities } from '../activities/types.js';
import type { CallKey } from '../domain/calls/call-key.js';

export interface OpenCalls {
  /**
   * Runs work that makes a call; the call counts as open until the work has succeeded.
   *
   * @param of whose call it is, where theirs may be ended alone: a task's id, or the label of a race's draft
   */
  track<T>(call: CallKey, work: () => Promise<T>, of?: string): Promise<T>;
  /**
   * Ends what is open, and returns when its processes are gone. Run it in a scope that cannot be cancelled: an
   * attempt that was never dispatched again would otherwise leave its process alive.
   *
   * @param of only the calls that were begun for this one
   */
  end(of?: string): Promise<void>;
}

export function createOpenCalls(activities: Pick<Activities, 'endCalls'>, feature: string): OpenCalls {
  /** By name and round, as they are ended: a call that failed is closed by the one that another model answers. */
  const open = new Map<string, { call: CallKey; of: string | undefined }>();
  const idOf = ({ name, round }: CallKey): string => `${name}.${round}`;
  return {
    async track(call, work, of) {
      open.set(idOf(call), { call, of });
      const result = await work();
      open.delete(idOf(call));
      return result;
    },
    async end(of) {
      const begun = [...open.values()].filter((one) => of === undefined || one.of === of);
      const calls = begun.map(({ call }) => call);
      if (calls.length === 0) return;
      await activities.endCalls({ feature, calls });
      for (const call of calls) open.delete(idOf(call));
    },
  };
}
