/** Places in a configuration: the keys on the way to a value. */

export type Path = readonly PropertyKey[];

/** @returns undefined where there is no such place */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((current, key) => (isObject(current) ? current[key] : undefined), value);

/** Sets a value, with the objects on the way to it. */
export function putAt(target: Record<PropertyKey, unknown>, path: Path, value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const found = target[key];
  const inner = isObject(found) ? found : {};
  target[key] = inner;
  putAt(inner, rest, value);
}

/** As a person writes it: `checks[0].name`. */
export const dotted = (path: Path): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`,
    '',
  );

const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null;
