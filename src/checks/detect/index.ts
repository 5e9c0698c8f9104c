/** What a project's own files say about how it is set up and checked. Nothing is run here. */
import type { Check, Config } from '../../domain/config/schema.js';
import { go } from './go.js';
import { javascript } from './javascript.js';
import { make } from './make.js';
import { type Detector, lookAt } from './project.js';
import { python } from './python.js';
import { rust } from './rust.js';

/** The kinds of projects that are known; a project may be of several. */
const detectors: readonly Detector[] = [javascript, python, go, rust];

interface DetectedChecks {
  /** A command that makes a fresh worktree usable, or null when none is needed or known. */
  setup: string | null;
  checks: Check[];
  /** What was found and what follows from it, as sentences for a person. */
  reason: string[];
}

/**
 * Finds out the checks of a project from its files, for where the configuration names none.
 *
 * @param folder the project's root, in a worktree of what the feature builds on
 */
export async function detectChecks(folder: string): Promise<DetectedChecks> {
  const project = await lookAt(folder);
  const specific = (await Promise.all(detectors.map((detect) => detect(project)))).flat();
  // A Makefile mostly wraps what was found; it counts where nothing else did.
  const findings = specific.some((finding) => finding.check)
    ? specific
    : [...specific, ...(await make(project))];
  const setups = findings.flatMap((finding) => finding.setup ?? []);
  const reason = findings.map((finding) => finding.reason);
  const checks = findings.flatMap((finding) => finding.check ?? []);
  if (checks.length === 0)
    reason.push(
      'No checks were found, so the result will be unverified; name some under "checks" in blueprint.config.json.',
    );
  return { setup: setups.length === 0 ? null : setups.join(' && '), checks, reason };
}

/**
 * The configured commands, else what the project's own files say.
 *
 * @param folder the project's root, in a worktree of what the feature builds on
 */
export async function projectChecks(
  config: Pick<Config, 'setup' | 'checks'>,
  folder: string,
): Promise<Pick<DetectedChecks, 'setup' | 'checks'>> {
  if (config.setup !== undefined && config.checks !== undefined)
    return { setup: config.setup, checks: config.checks };
  const detected = await detectChecks(folder);
  // Null is a decision: no setup.
  const setup = config.setup === undefined ? detected.setup : config.setup;
  return { setup, checks: config.checks ?? detected.checks };
}
