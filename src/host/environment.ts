/** The variables of a process. */

/** What this process was given, or stands for it in a test. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Without the names that have no value, as a child process takes it. */
export const definedOnly = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
