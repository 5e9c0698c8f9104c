/** One feature, as all that looks at it and decides about it opens it: each of its files is read once, when it is needed. */

import { join } from 'node:path';
import type { FeatureInput } from '../../domain/feature/types.js';
import { featureNameProblem } from '../../domain/names.js';
import { Problem } from '../../domain/problem.js';
import { readFeatureInput } from '../../feature/feature-file.js';
import { openJournal, type ReadJournal } from '../../feature/journal.js';
import { featureDirectory, listFeatures } from '../../feature/project.js';
import type { ServerLink } from '../connection.js';

export interface FeatureRecord {
  /** Real path of the project's root folder. */
  root: string;
  name: string;
  /** Where it keeps everything but its code. */
  directory: string;
  /** Its call store. */
  calls: string;
  link: ServerLink;
  exists(): Promise<boolean>;
  /**
   * What it was started with.
   *
   * @throws Problem when there is no such feature, with the names that there are
   */
  input(): Promise<FeatureInput>;
  /** What its journal says by now. Reads what came since it was last asked. */
  journal(): Promise<ReadJournal>;
  /** Its files are others from here on: it was started again, or removed. */
  forget(): void;
}

/** @throws Problem for a name that no feature can have */
export function openFeature(root: string, link: ServerLink, name: string): FeatureRecord {
  const problem = featureNameProblem(name);
  if (problem !== undefined) throw new Problem('name-unusable', problem);
  const directory = featureDirectory(root, name);
  let found: Promise<FeatureInput | undefined> | undefined;
  let journal = openJournal(directory);

  const input = async (): Promise<FeatureInput | undefined> => {
    found ??= readFeatureInput(directory);
    const read = await found;
    // One that is not there yet may come.
    if (read === undefined) found = undefined;
    return read;
  };

  return {
    root,
    name,
    directory,
    calls: join(directory, 'calls'),
    link,
    exists: async () => (await input()) !== undefined,
    input: async () => (await input()) ?? (await missing(root, name)),
    journal: () => journal(),
    forget() {
      found = undefined;
      journal = openJournal(directory);
    },
  };
}

async function missing(root: string, name: string): Promise<never> {
  const names = await listFeatures(root);
  throw new Problem(
    'feature-missing',
    names.length === 0
      ? `There is no feature ${name}.`
      : `There is no feature ${name}; there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}.`,
    names.length === 0 ? { startable: name } : {},
  );
}
