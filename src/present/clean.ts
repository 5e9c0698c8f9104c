/** Text that comes from models and files, made harmless for a terminal. Pure. */

/** Whole escape sequences (ECMA-48, 8.3): strings such as a window's title, control sequences, and short ones. */
const sequences = new RegExp(
  [
    // OSC, DCS, SOS, PM, APC, ended by BEL, by ST, or by the text's end.
    '(?:\\u001b[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])[^\\u0007\\u001b\\u009c\\n]*(?:\\u0007|\\u001b\\\\|\\u009c|$)?',
    // CSI.
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]?',
    // Others: intermediate characters and a final one.
    '\\u001b[ -/]*[0-~]?',
  ].join('|'),
  'gu',
);

/** Control characters but tab and line feed, and the ones that turn the direction of text around (UAX #9). */
const controls = /(?![\t\n])[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The text without anything that a terminal would obey rather than show. Lines stay lines. */
export const cleanText = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(sequences, '').replace(controls, '');

/** The text as one clean line. */
export const cleanLine = (text: string): string =>
  cleanText(text)
    .replace(/[\n\t]+/g, ' ')
    .trim();

/** JSON for a terminal or a file: what JSON leaves as it is and a terminal obeys is escaped too. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
