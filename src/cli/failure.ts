/** An error, as a person is told of it. Pure. */
import { isProblem, isReason } from '../app/index.js';
import { errorCode } from '../host/files.js';
import { cleanText } from '../present/clean.js';
import { problemHints, problemText } from '../present/problems.js';
import { reasonLine } from '../present/reasons.js';
import { exitStatus } from './exit-status.js';

export interface Told {
  /** Empty: there is nothing to say. */
  message: string;
  status: number;
}

/** What to print for an error, and the exit status. A known problem is its own sentence. */
export function tell(error: unknown): Told {
  if (!(error instanceof Error))
    return { message: `Blueprint failed: ${String(error)}`, status: exitStatus.error };
  // Ctrl+C at a question of @inquirer/prompts.
  if (error.name === 'ExitPromptError') return { message: '', status: exitStatus.interrupted };
  return {
    message: cleanText(sentence(error)),
    status:
      isProblem(error, 'usage') || isProblem(error, 'name-unusable') ? exitStatus.usage : exitStatus.error,
  };
}

function sentence(error: Error): string {
  if (isProblem(error)) return [problemText(error), ...problemHints(error)].join(' ');
  // A call's failure, or a budget's.
  if ('reason' in error && isReason(error.reason)) return reasonLine(error.reason, { feature: 'NAME' });
  if (isGrpcError(error))
    return `The Temporal server did not do what was asked: ${error.details ?? error.message}.`;
  const code = errorCode(error);
  const hint = 'Set BLUEPRINT_DEBUG=1 to see where.';
  // System errors (ENOSPC, EACCES …) say what they are about.
  if (code?.startsWith('E')) return `${error.message}. ${hint}`;
  return `Blueprint failed: ${error.message.split('\n')[0]}. ${hint}`;
}

/** Errors of Temporal's connection carry the server's own words in `details`, or in their cause's. */
function isGrpcError(error: Error): error is Error & { details?: string } {
  return error.name === 'ServiceError' || ('details' in error && 'code' in error);
}
