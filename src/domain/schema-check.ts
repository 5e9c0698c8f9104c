/**
 * Whether a value fits a schema, and no more: no copy, no reason. A journal of a large feature has thousands of lines,
 * and reading them by the schema itself takes three times as long as without. What is not known here is left to it.
 */
import * as z from 'zod';

type Check = (value: unknown) => boolean;

/** The schema as a guard; what it needs is made when the first value is checked. */
export function guardOf<T>(schema: z.ZodType<T, T>): (value: unknown) => value is T {
  let check: Check | undefined;
  return (value): value is T => {
    check ??= checkOf(schema);
    return check(value);
  };
}

/** @param schema of values as JSON has them; changes nothing of what it checks */
export function checkOf(schema: z.core.$ZodType): Check {
  if (schema instanceof z.ZodDiscriminatedUnion) return checkOfUnion(schema);
  if (schema instanceof z.ZodObject && schema.def.catchall === undefined) return checkOfShape(schema.shape);
  if (schema instanceof z.ZodOptional) return either(undefined, checkOf(schema.unwrap()));
  if (schema instanceof z.ZodNullable) return either(null, checkOf(schema.unwrap()));
  if (schema instanceof z.ZodArray && isPlain(schema)) {
    const check = checkOf(schema.element);
    return (value) => Array.isArray(value) && value.every(check);
  }
  if (schema instanceof z.ZodEnum) return isOneOf(schema.options);
  if (schema instanceof z.ZodLiteral) return isOneOf([...schema.values]);
  if (schema instanceof z.ZodString && isPlain(schema)) return (value) => typeof value === 'string';
  if (schema instanceof z.ZodNumber && isPlain(schema)) return (value) => typeof value === 'number';
  if (schema instanceof z.ZodBoolean) return (value) => typeof value === 'boolean';
  if (schema instanceof z.ZodCustom) return (value) => Boolean(schema.def.fn(value));
  return (value) => z.safeParse(schema, value).success;
}

const isPlain = ({ def }: { def: { checks?: unknown[] | undefined } }): boolean =>
  (def.checks ?? []).length === 0;

/** The same for an object that has these fields; what it has besides is not looked at. */
export function checkOfShape(shape: z.core.$ZodShape): Check {
  const fields = Object.entries(shape).map(([name, field]) => ({ name, check: checkOf(field) }));
  return (value) => {
    if (!isObject(value)) return false;
    for (const { name, check } of fields) if (!check(value[name])) return false;
    return true;
  };
}

function checkOfUnion({ def }: z.ZodDiscriminatedUnion): Check {
  const checks = def.options.map(checkOf);
  const kinds = new Map<unknown, Check>();
  for (const [index, option] of def.options.entries())
    for (const kind of option._zod.propValues?.[def.discriminator] ?? []) {
      const check = checks[index];
      if (check !== undefined) kinds.set(kind, check);
    }
  return (value) => isObject(value) && kinds.get(value[def.discriminator])?.(value) === true;
}

const either =
  (allowed: undefined | null, check: Check): Check =>
  (value) =>
    value === allowed || check(value);

function isOneOf(values: readonly unknown[]): Check {
  const known = new Set(values);
  return (value) => known.has(value);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
