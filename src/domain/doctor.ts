/** What a look at the machine and the project found. Types only. */

export interface Finding {
  what: string;
  /** `missing`: nothing can be done without it. */
  state: 'ok' | 'note' | 'missing';
  detail: string;
  /** What to do about it. */
  advice?: string | undefined;
  /** What is done about it with a command of ours. */
  remedy?: 'restart-server' | undefined;
}
