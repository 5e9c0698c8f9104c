/**
 * The register of what is patched in workflow code: since when, and why. Empty: nothing was released yet.
 *
 * A feature that is open when a new version takes it over is replayed with that version's code, which has to ask the
 * same of the server in the same order. A change that asks for something else (another activity, timer, child or
 * signal, or the same ones in another order) gets an entry here, and the workflow asks `isPatched(id)` at the place
 * where the ways part: the new way where it says yes, the old one where it says no. A history of the old way is kept
 * in `test/histories` for as long as the entry is here.
 *
 * An entry goes, with the old way and its history, when no feature can be open any more that began before it: two
 * minor versions later. Until then a version that no longer knows it would stop such a feature.
 */
import { patched } from '@temporalio/workflow';

interface Patch {
  /** The first version that has it. */
  since: string;
  /** What was done otherwise before, and why it was changed. */
  why: string;
}

const patches = {} as const satisfies Record<string, Patch>;

/** Whether this run goes the new way; a run that went the old way is replayed so. */
export const isPatched = (id: keyof typeof patches): boolean => patched(id);
