/** Writes the configuration's published JSON schema from the zod schema. Runs on `dist`, so build first. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const { configJsonSchema } = await import('../dist/config/keys.js');
const file = fileURLToPath(new URL('../schema/blueprint.config.schema.json', import.meta.url));

mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
