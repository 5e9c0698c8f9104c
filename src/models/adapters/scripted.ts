/** The scripted model: plays answers from a file, through the very same path as any other model. */
import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { extname } from 'node:path';
import { packageFile } from '../../host/package-files.js';
import { type Adapter, commonFailure, type ProbeResult } from '../adapter.js';
import { modelEnvironment } from '../environment.js';
import { readScript } from '../scripted/script.js';
import { ownLineEvents } from './own-lines.js';

/** The command as built; tests that run outside jest have it beside their sources. */
const player =
  ['dist/models/scripted/main.js', 'src/models/scripted/main.js']
    .map(packageFile)
    .find((path) => existsSync(path)) ?? '';

export const adapter: Adapter = {
  model: 'scripted',
  modes: ['text'],
  reads: false,
  // It is played, not understood.
  maxPromptBytes: Number.POSITIVE_INFINITY,

  command({ script, ledger }) {
    if (script === null) throw new Error('The scripted model needs a script: give it with --script FILE.');
    const account = ['--ledger', ledger];
    // A script that is no JSON is a program: it gets the prompt and prints the same lines itself.
    if (extname(script) !== '.json') return { file: script, args: account };
    if (player === '') throw new Error('The scripted model is not built: run `npm run build`.');
    return { file: process.execPath, args: [player, '--script', script, ...account] };
  },

  environment: (parent, _request, pass) => modelEnvironment(parent, [], pass),

  reader: () => ownLineEvents,

  failure: commonFailure,

  async probe(_parent, { script }): Promise<ProbeResult> {
    if (script === undefined)
      return { ok: false, detail: 'no script', advice: 'Give the answers with --script FILE.' };
    try {
      if (extname(script) === '.json') {
        const { answers } = await readScript(script);
        return { ok: true, detail: `${answers.length} answers in ${script}` };
      }
      await access(script, constants.X_OK);
      return { ok: true, detail: script };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return { ok: false, detail, advice: 'Correct the script, or give another with --script FILE.' };
    }
  },
};
