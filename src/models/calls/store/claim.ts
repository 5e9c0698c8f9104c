/** Who runs a try: the claim that its wrapper took. */
import { join } from 'node:path';
import { createFileAtomic } from '../../../host/atomic-file.js';
import { readIfExists } from '../../../host/files.js';
import { bootId, isAlive, type ProcessIdentity, readPs } from '../../../host/processes.js';

/** `undefined`: nobody has it. `void`: it was taken away, and no process will ever have it. */
export type Claim = ProcessIdentity | 'void' | undefined;

const claimPath = (tryDirectory: string) => join(tryDirectory, 'claim');

export async function readClaim(tryDirectory: string): Promise<Claim> {
  const text = await readIfExists(claimPath(tryDirectory));
  if (text === undefined) return undefined;
  const [pid = '', birth, boot] = text.split('\n');
  if (!/^[1-9]\d*$/.test(pid) || birth === undefined || boot === undefined) return 'void';
  return { pid: Number(pid), birth: birth.trim(), boot: boot.trim() };
}

/** Takes the claim for nobody, so that no late wrapper starts anything. */
export async function voidClaim(tryDirectory: string): Promise<void> {
  await createFileAtomic(claimPath(tryDirectory), 'void\n');
}

/** Whether the wrapper that took the claim runs. */
export async function claimIsAlive(claim: ProcessIdentity): Promise<boolean> {
  if (isStartTick(claim.birth)) return isAlive(claim);
  if (claim.boot !== (await bootId())) return false;
  const found = await readPs(claim.pid);
  return found !== undefined && !found.zombie && found.birth === claim.birth;
}

/** Whether a birth was read from /proc; else it is a date that ps printed. */
export const isStartTick = (birth: string): boolean => /^\d+$/.test(birth);
