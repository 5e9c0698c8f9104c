/** The calls that a workflow has begun and not seen to end, so that a stop can end each of them. */
import type { Activities } from '../activities/types.js';

export interface OpenCalls {
  /** Runs work that makes the named call; the call counts as open until the work has succeeded. */
  track<T>(name: string, round: number, work: () => Promise<T>): Promise<T>;
  /**
   * Ends what is open, and returns when its processes are gone. Run it in a scope that cannot be cancelled: an
   * attempt that was never dispatched again would otherwise leave its process alive.
   *
   * @param meant only the calls of these names
   */
  end(meant?: (name: string) => boolean): Promise<void>;
}

export function createOpenCalls(activities: Pick<Activities, 'endCalls'>, feature: string): OpenCalls {
  const open = new Map<string, { name: string; round: number }>();
  return {
    async track(name, round, work) {
      open.set(name, { name, round });
      const result = await work();
      open.delete(name);
      return result;
    },
    async end(meant = () => true) {
      const calls = [...open.values()].filter(({ name }) => meant(name));
      if (calls.length === 0) return;
      await activities.endCalls({ feature, calls });
      for (const { name } of calls) open.delete(name);
    },
  };
}
