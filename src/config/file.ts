/** The configuration's file. */
import { stat } from 'node:fs/promises';
import { parseJsonText } from '../domain/json-text.js';
import { Problem } from '../domain/problem.js';
import { errorCode, readIfExists, unlessMissing } from '../host/files.js';

/**
 * Reads the configuration's file.
 *
 * @param mustExist a person named it
 * @returns undefined where there is none
 * @throws {Problem} that says what is wrong with the file, or at which line and column its text is not JSON
 */
export async function readConfigFile(
  path: string,
  mustExist: boolean,
): Promise<{ value: unknown } | undefined> {
  const text = await readText(path);
  if (text !== undefined) return { value: parse(path, text.replace(/^\uFEFF/, '')) };
  if (mustExist) throw new Problem('config-missing', `The configuration ${path} does not exist.`);
  return undefined;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    if ((await unlessMissing(stat(path)))?.isDirectory() !== true) return await readIfExists(path);
  } catch (error) {
    const code = errorCode(error) ?? 'unknown error';
    throw new Problem('config-unreadable', `The configuration ${path} cannot be read (${code}).`, {
      cause: error,
    });
  }
  throw new Problem('config-unreadable', `The configuration ${path} is a folder; name a file.`);
}

function parse(path: string, text: string): unknown {
  const json = parseJsonText(text);
  if (json.ok) return json.value;
  throw new Problem('config-invalid', `The configuration ${path} ${json.problem}`);
}
