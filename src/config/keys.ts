/** What follows from the configuration's schema, so that nothing of it is written twice: its keys, and its JSON schema. */
import * as z from 'zod';
import { configSchema } from '../domain/config/schema.js';
import type { Path } from './paths.js';

export interface ConfigKey {
  /** Dotted, such as `gates.plan`. Lists and maps are one key as a whole. */
  path: string;
  /** The environment variable that sets it; only what is a single word or number has one. */
  variable?: string | undefined;
  numeric: boolean;
}

type Schema = z.core.$ZodType;

/** A schema without what makes it optional. */
function bare(schema: Schema): Schema {
  let current = schema;
  while (
    current instanceof z.ZodDefault ||
    current instanceof z.ZodPrefault ||
    current instanceof z.ZodOptional ||
    current instanceof z.ZodNullable
  )
    current = current.unwrap();
  return current;
}

const upperSnake = (path: string): string =>
  path
    .replaceAll('.', '_')
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .toUpperCase();

function keysOf(schema: Schema, prefix: string): ConfigKey[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodObject)
    return Object.entries<Schema>(inner.shape)
      .filter(([name]) => name !== '$schema')
      .flatMap(([name, child]) => keysOf(child, prefix === '' ? name : `${prefix}.${name}`));
  const numeric = inner instanceof z.ZodNumber;
  const single = numeric || inner instanceof z.ZodString || inner instanceof z.ZodEnum;
  return [{ path: prefix, numeric, ...(single ? { variable: `BLUEPRINT_${upperSnake(prefix)}` } : {}) }];
}

/** All keys, in the schema's order. */
export const configKeys: readonly ConfigKey[] = keysOf(configSchema, '');

/** The keys that may stand at a place of the configuration; none where there are no keys. */
export function keysAt(path: Path): string[] {
  let schema: Schema | undefined = configSchema;
  for (const step of path) {
    const inner = bare(schema);
    if (inner instanceof z.ZodObject) {
      const child: Schema | undefined = (inner.shape as Record<string, Schema>)[String(step)];
      if (child === undefined) return [];
      schema = child;
    } else if (inner instanceof z.ZodArray) schema = inner.element;
    else if (inner instanceof z.ZodRecord) schema = inner.valueType;
    else return [];
  }
  const inner = bare(schema);
  if (inner instanceof z.ZodObject) return Object.keys(inner.shape);
  if (inner instanceof z.ZodRecord && inner.keyType instanceof z.ZodEnum)
    return inner.keyType.options.map(String);
  return [];
}

/** The JSON schema of `blueprint.config.json` for editors, draft 2020-12, as it is published in `schema/`. */
export function configJsonSchema(): object {
  // `input`: what a person writes, where every default may be left out.
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  return { ...schema, title: 'Blueprint configuration' };
}
