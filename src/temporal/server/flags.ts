/**
 * How the embedded server is run.
 *
 * The tuning was measured on two cores with a file database, on server 1.29.1: with all four flags a sequential step of a
 * workflow takes 9–19 ms instead of 82–101, and 100 parallel child workflows 3.0–3.7 s instead of 15–22. Beside each flag
 * is what its absence alone costs. On 1.32.0, on a busy machine: 21–30 ms instead of 81–87, and 5–19 s instead of 62–63.
 */
import type { ServerPorts } from './ports.js';

/** The arguments of the Temporal CLI that run our server on this database file and these ports. */
export const serverArguments = (database: string, ports: ServerPorts): string[] => [
  'server',
  'start-dev',
  // Nobody but this machine: the development server has no authentication.
  ...['--ip', '127.0.0.1'],
  ...['--ui-ip', '127.0.0.1'],
  // Each port by name, since a default is one port for every server of the machine.
  ...['--port', String(ports.grpc)],
  ...['--ui-port', String(ports.ui)],
  ...['--http-port', String(ports.http)],
  ...['--metrics-port', String(ports.metrics)],
  ...['--db-filename', database],
  // A commit appends to a log instead of rewriting pages and deleting a journal, and readers do not wait for it.
  // Without: 2 to 3 times the time of a step, 2 to 4 times that of parallel children.
  ...['--sqlite-pragma', 'journal_mode=WAL'],
  // With WAL, no fsync at each commit: a killed server loses nothing, a power cut may lose the last decisions.
  // Without: 1.3 to 1.9 times the time of a step, 2 to 4 times that of parallel children.
  ...['--sqlite-pragma', 'synchronous=NORMAL'],
  // An activity that its own worker can run comes back with the workflow task: one dispatch less for each step.
  // The default of server 1.32.0, where it makes no difference; 1.29.1 takes 1.4 to 1.8 times the time of a step without.
  ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
  // The default, 20 polls a second, makes every step of a workflow wait up to 50 ms for the history queue.
  // Without: 38 to 53 ms a step.
  ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=2000'],
  // The default, 1 s, is how much earlier than asked a timer may not be set; with one server there is no other clock.
  // Without: a retry after 1 ms, which takes a lost worker's call over, comes up to 1 s late, and 0.1 to 0.2 s late with it.
  ...['--dynamic-config-value', 'history.timerProcessorMaxTimeShift="1ms"'],
];
