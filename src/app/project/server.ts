/** The embedded Temporal server, or the one that a person configured. */

import { type ServerAddress, temporalUiUrl } from '../../temporal/connection/server-address.js';
import { findServer } from '../../temporal/find-server.js';
import type { EmbeddedServer } from '../../temporal/server/running.js';

export type TemporalStatus =
  /** A person's own, which is not ours to start or stop. */
  | ({ state: 'configured'; webUi?: string | undefined } & ServerAddress)
  /** `unresponsive`: its process lives and it does not answer: it is starting, or it hangs. */
  | { state: 'running' | 'unresponsive'; server: EmbeddedServer; webUi: string }
  | { state: 'stopped' };

export interface ServerControl {
  /** How it is. Starts nothing. */
  status(): Promise<TemporalStatus>;
  /**
   * Starts it, unless it runs or another is configured.
   *
   * @returns whether it was started now, and how it is
   */
  start(): Promise<{ started: boolean; state: TemporalStatus }>;
  /**
   * Stops the embedded one; what it stored stays.
   *
   * @returns whether there was one to stop
   */
  stop(): Promise<boolean>;
}

/** @param announce is given a line for each thing that takes a person's time */
export function temporalServer(announce: (line: string) => void): ServerControl {
  // Loaded where it is needed: it brings Temporal's client.
  const lifecycle = () => import('../../temporal/server/lifecycle.js');
  const status = async (): Promise<TemporalStatus> => {
    const found = await findServer();
    if (found !== undefined && !found.embedded)
      return { state: 'configured', ...found, webUi: temporalUiUrl(found) };
    const state = await (await lifecycle()).serverStatus();
    if (state.state === 'stopped') return state;
    return { ...state, webUi: (found && temporalUiUrl(found)) ?? state.server.uiUrl };
  };
  return {
    status,
    async start() {
      const before = await status();
      if (before.state === 'configured') return { started: false, state: before };
      const { started } = await (await lifecycle()).startServer(announce);
      return { started, state: await status() };
    },
    stop: async () => (await lifecycle()).stopServer(),
  };
}
