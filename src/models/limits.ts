/** The limits of calls, as a feature's configuration sets them. */
import type { Config } from '../domain/feature/types.js';
import type { CallLimits } from './calls/store/types.js';

type Limits = Pick<Config, 'limits'>;

/** The limits of a model's call. */
export const modelLimits = ({ limits }: Limits): CallLimits => ({
  totalSeconds: limits.callSeconds,
  inactivitySeconds: Math.min(limits.inactivitySeconds, limits.callSeconds),
  graceSeconds: limits.graceSeconds,
  tries: limits.tries,
});

/** The limits of setup and checks. A test runner may be silent for all of its time. */
export const commandLimits = ({ limits }: Limits, seconds: number): CallLimits => ({
  totalSeconds: seconds,
  inactivitySeconds: seconds,
  graceSeconds: limits.graceSeconds,
  tries: limits.tries,
});
