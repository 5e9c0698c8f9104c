/** Telling a person, by a command of theirs, that a gate has opened. */
import { execa } from 'execa';
import { briefly } from '../domain/reasons.js';
import { commandEnvironment } from '../models/environment.js';
import { scoped, type WorkerContext } from './scoped.js';
import type { Activities } from './types.js';

/** A message is sent in seconds; a gate is open whether or not somebody could be told. */
const timeoutMs = 10_000;

export const createNotify = (worker: WorkerContext): Activities['notify'] =>
  scoped(worker, async ({ feature, gate }, { input }) => {
    if (input.config.notify === null) return;
    await execa('sh', ['-c', input.config.notify], {
      cwd: input.root,
      // It needs the person's own variables; keys go only to the models' commands.
      env: commandEnvironment(process.env),
      extendEnv: false,
      input: JSON.stringify({ feature, ...gate, text: briefly(gate.reason) }),
      timeout: timeoutMs,
      reject: false,
      stdout: 'ignore',
      stderr: 'ignore',
    });
  });
