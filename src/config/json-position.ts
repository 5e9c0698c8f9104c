/** Where a text stops being JSON. `JSON.parse` of Node 20 does not tell for every mistake. */

export interface JsonProblem {
  /** Both count from 1. */
  line: number;
  column: number;
  expected: string;
}

// Tokens of RFC 8259, after white space. In a string: anything from the space on but quotes and backslashes.
const tokenPattern =
  /[ \t\n\r]*([{}[\],:]|"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

type Expectation = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'end';

const expectations: Record<Expectation, string> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  key: 'a key in double quotes',
  'key or }': 'a key in double quotes, or }',
  ':': 'a colon',
  ', or end': 'a comma, or the closing bracket',
  end: 'the end of the file',
};

/** The first place at which a text is no JSON, and what should stand there; undefined when it is JSON. */
export function jsonProblem(text: string): JsonProblem | undefined {
  const pattern = new RegExp(tokenPattern);
  const stack: string[] = [];
  let expected: Expectation = 'value';
  const afterValue = (): Expectation => (stack.length === 0 ? 'end' : ', or end');
  let at = 0;
  for (;;) {
    pattern.lastIndex = at;
    const token = pattern.exec(text)?.[1];
    const next: Expectation | undefined =
      token === undefined ? undefined : follow(token, expected, stack, afterValue);
    if (next === undefined) break;
    expected = next;
    at = pattern.lastIndex;
  }
  const rest = /^[ \t\n\r]*/.exec(text.slice(at))?.[0].length ?? 0;
  if (expected === 'end' && at + rest === text.length) return undefined;
  const before = text.slice(0, at + rest).split('\n');
  return {
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    expected: expectations[expected],
  };
}

/** What may follow a token, or undefined when the token itself may not stand here. */
function follow(
  token: string,
  expected: Expectation,
  stack: string[],
  afterValue: () => Expectation,
): Expectation | undefined {
  const open = stack.at(-1);
  const closes =
    (token === '}' && open === '{' && (expected === 'key or }' || expected === ', or end')) ||
    (token === ']' && open === '[' && (expected === 'value or ]' || expected === ', or end'));
  if (closes) {
    stack.pop();
    return afterValue();
  }
  if (token === ',' && expected === ', or end') return open === '{' ? 'key' : 'value';
  if (token === ':' && expected === ':') return 'value';
  if (expected === 'key' || expected === 'key or }') return token.startsWith('"') ? ':' : undefined;
  if (expected !== 'value' && expected !== 'value or ]') return undefined;
  if (token === '{' || token === '[') {
    stack.push(token);
    return token === '{' ? 'key or }' : 'value or ]';
  }
  return /^[\]},:]/.test(token) ? undefined : afterValue();
}
