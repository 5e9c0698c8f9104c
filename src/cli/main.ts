#!/usr/bin/env node
/** The command `blueprint`. */
import { exitStatus } from './exit-status.js';
import { runProgram } from './program.js';

// A reader that has seen enough (`| head`) ends us in order.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitStatus.done);
  throw error;
});

try {
  process.exitCode = await runProgram(process.argv.slice(2));
} catch (error) {
  const { tell } = await import('./failure.js');
  const { message, status } = tell(error);
  if (process.env.BLUEPRINT_DEBUG === '1') console.error(error);
  else if (message !== '') console.error(message);
  process.exitCode = status;
}
// What was let go of (a download, a question to a server) must not hold up the end.
if (process.exitCode === exitStatus.interrupted) process.exit();
