/** The configuration's schema for editors. */
import * as z from 'zod';
import { configSchema } from '../domain/config/schema.js';

/** The JSON schema of `blueprint.config.json`, draft 2020-12, as it is published in `schema/`. */
export function configJsonSchema(): object {
  // `input`: what a person writes, where every default may be left out.
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  return { ...schema, title: 'Blueprint configuration' };
}
