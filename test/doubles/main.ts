/**
 * The double in a process of its own: `PORT=9911 node main.js SCENARIO.json`. Prints its address in a line, and what
 * it was asked at `GET /double/requests`.
 */
import { readFileSync } from 'node:fs';
import type { Scenario } from './scenario.js';
import { startDouble } from './server.js';

const scenario = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Scenario;
const { url } = await startDouble(scenario, Number(process.env.PORT ?? 0));
process.stdout.write(`${url}\n`);
