/** Who works in the repository, as git knows them. */
import { git } from './git.js';

/** An author, as a commit names one. */
export interface Person {
  name: string;
  email: string;
}

/** The repository's `user.name` and `user.email`; undefined where git knows only one of them, or none. */
export async function personOf(root: string): Promise<Person | undefined> {
  const read = async (key: string) => {
    const found = await git({ cwd: root }, ['config', '--get', key], { asThePerson: true, okStatuses: [1] });
    // git leaves these out of an identity, and refuses one of which nothing is left.
    return found.stdout.replace(/[<>\n]/g, '').trim();
  };
  const [name, email] = await Promise.all([read('user.name'), read('user.email')]);
  return name === '' || email === '' ? undefined : { name, email };
}

/** The environment in which git takes them for the author. */
export const asAuthor = (person: Person | undefined): Record<string, string> =>
  person === undefined ? {} : { GIT_AUTHOR_NAME: person.name, GIT_AUTHOR_EMAIL: person.email };
