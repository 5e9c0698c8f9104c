/** Follows one call in a process of its own, to be killed: `node follow-call.js CALL`, see `TestCall`. */
import { CallError } from '../../src/models/errors.js';
import { follow, type TestCall } from './calls.js';

const call = JSON.parse(process.argv[2] ?? '') as TestCall;
try {
  const { source, tryNumber, result } = await follow(call);
  process.stdout.write(JSON.stringify({ source, tryNumber, result }));
} catch (error) {
  if (!(error instanceof CallError)) throw error;
  process.stdout.write(JSON.stringify({ error: error.kind, final: error.final }));
}
