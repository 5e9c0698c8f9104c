/** JSON that a person writes: comments, and a comma behind the last item, may stand in it. Pure. */
import { getNodeValue, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

/** `problem` goes on after a name: `is not valid JSON at line 3, column 1: a value is expected there.` */
export type JsonText = { ok: true; value: unknown } | { ok: false; problem: string };

export function parseJsonText(text: string): JsonText {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (root !== undefined && first === undefined) return { ok: true, value: getNodeValue(root) };
  const before = text.slice(0, first?.offset ?? 0).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return {
    ok: false,
    problem: `is not valid JSON at line ${before.length}, column ${column}: ${whatIsWrong(errors)}.`,
  };
}

/** What should stand in the place of a word that JSON does not have is in the error behind it. */
function whatIsWrong(errors: readonly ParseError[]): string {
  const [first, second = 'EndOfFileExpected'] = errors.map(({ error }) => printParseErrorCode(error));
  return clauses[(first === 'InvalidSymbol' ? second : first) ?? 'ValueExpected'] ?? 'it cannot be read';
}

/** By the parser's names. */
const clauses: Partial<Record<string, string>> = {
  PropertyNameExpected: 'a key in double quotes is expected there',
  ValueExpected: 'a value is expected there',
  ColonExpected: 'a colon is expected there',
  CommaExpected: 'a comma, or the closing bracket, is expected there',
  CloseBraceExpected: 'a closing } is expected there',
  CloseBracketExpected: 'a closing ] is expected there',
  EndOfFileExpected: 'the end of the file is expected there',
  InvalidCommentToken: 'a comment begins with // or /*',
  UnexpectedEndOfComment: 'the comment has no end',
  UnexpectedEndOfString: 'the text has no closing quote',
  UnexpectedEndOfNumber: 'the number is not complete',
  InvalidNumberFormat: 'the number is not complete',
  InvalidUnicode: 'the text has an escape that JSON does not have',
  InvalidEscapeCharacter: 'the text has an escape that JSON does not have',
  InvalidCharacter: 'the text has a character that must be escaped',
};
