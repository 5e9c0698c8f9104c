/** The JSON schemas of structured answers, for models that can be held to one. */
import { packageFile } from '../../host/package-files.js';

export const answerSchemas = ['plan', 'review', 'comparison'] as const;
export type AnswerSchema = (typeof answerSchemas)[number];

/** Absolute path of the schema's file. */
export const answerSchemaFile = (schema: AnswerSchema): string =>
  packageFile(`schema/answers/${schema}.schema.json`);
