/** The bench's model: a shell script, so that starting it costs next to nothing beside what is measured. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the model answers, by `PURPOSE`, `PURPOSE-TASK` or `PURPOSE-TASK-ROUND`; the longest that there is counts. */
/** @typedef {Record<string, string>} Answers */

/**
 * Writes the script and its answers.
 *
 * @param {string} folder made here
 * @param {Answers} answers
 * @param {{ seconds: number, noiseBytes?: number }} how how long each call thinks, and how much it prints meanwhile that
 *   is no part of the answer
 * @returns {Promise<string>} the script's path
 */
export async function writeModel(folder, answers, { seconds, noiseBytes = 0 }) {
  await mkdir(join(folder, 'answers'), { recursive: true });
  for (const [name, answer] of Object.entries(answers))
    await writeFile(join(folder, 'answers', name), modelOutput(answer));
  const script = join(folder, 'model.sh');
  const steps = noiseBytes === 0 ? [think(seconds)] : noise(noiseBytes, seconds);
  await writeFile(script, [head, ...steps, tail].join('\n'));
  await chmod(script, 0o755);
  return script;
}

/** @param {string} answer */
const modelOutput = (answer) =>
  [
    { type: 'text', text: answer },
    { type: 'result', usage: { inputTokens: 1, outputTokens: 1 } },
  ]
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('');

/** @param {number} time */
const think = (time) => (time === 0 ? '' : `sleep ${time}`);

/** Pieces of events that no adapter takes for an answer, spread over the time. */
const noisePieces = 20;

/**
 * @param {number} bytes
 * @param {number} time
 */
function noise(bytes, time) {
  const line = JSON.stringify({ type: 'tool', name: 'noise', detail: 'x'.repeat(960) });
  return Array.from(
    { length: noisePieces },
    () =>
      `yes '${line}' | head -n ${Math.ceil(bytes / noisePieces / (line.length + 1))}; sleep ${time / noisePieces}`,
  );
}

// The prompt's first line says which call this is. `$2` is the account of the calls that were made.
const head = `#!/bin/sh
read -r line
for word in $line; do
  case $word in
    purpose=*) name=\${word#*=} ;;
    task=*) task=\${word#*=} ;;
    round=*) round=\${word#*=} ;;
  esac
done
[ "$1" = --ledger ] && echo "\${BLUEPRINT_CALL##*/}" >>"$2"`;

const tail = `for answer in "$name-$task-$round" "$name-$task" "$name"; do
  [ -e "\${0%/*}/answers/$answer" ] && exec cat "\${0%/*}/answers/$answer"
done
exit 1
`;
