/** What a command's exit status says. */
export const exitStatus = {
  done: 0,
  error: 1,
  usage: 2,
  /** Nothing moves without a person. */
  waiting: 3,
  /** As a shell counts: 128 and the number of SIGINT. */
  interrupted: 130,
} as const;
