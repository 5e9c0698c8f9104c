/** The configuration, key by key. Pure. */
import type { ConfigOrigin, LoadedConfig } from '../domain/config/loaded.js';

interface ConfigRow {
  /** Dotted, such as `gates.plan`. */
  key: string;
  /** Undefined: found out when a feature is started. */
  value: unknown;
  origin: ConfigOrigin;
}

export const configRows = ({ config, origin }: LoadedConfig): ConfigRow[] =>
  Object.entries(origin).map(([key, from]) => ({ key, value: valueAt(config, key), origin: from }));

const valueAt = (value: unknown, key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
      value,
    );
