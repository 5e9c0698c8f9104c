/** The questions that a specification leaves open. */

interface Heading {
  level: number;
  text: string;
}

/**
 * The items under the last heading `Open questions`, of any level and in any case; none where it says so, such as
 * with `None`, or where there is no such heading.
 */
export function openQuestions(spec: string): string[] {
  const lines = withoutCode(spec.replaceAll('\r\n', '\n').split('\n'));
  const start = lines.findLastIndex((line) => isTitle(headingOf(line)?.text));
  const level = headingOf(lines[start] ?? '')?.level;
  if (start === -1 || level === undefined) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => (headingOf(line)?.level ?? Number.POSITIVE_INFINITY) <= level);
  const body = end === -1 ? rest : rest.slice(0, end);
  return items(body.filter((line) => headingOf(line) === undefined)).filter((item) => !saysNone(item));
}

/** Bold text alone in its line stands for a heading of the lowest level. */
function headingOf(line: string): Heading | undefined {
  const hashes = /^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$/.exec(line);
  if (hashes?.[1] !== undefined && hashes[2] !== undefined)
    return { level: hashes[1].length, text: hashes[2] };
  const bold = /^ {0,3}(?:\*\*|__)([^*_]+)(?:\*\*|__):?[ \t]*$/.exec(line);
  return bold?.[1] === undefined ? undefined : { level: 7, text: bold[1] };
}

const isTitle = (text: string | undefined): boolean =>
  text !== undefined && /^(?:[\d.]+\s*)?[*_]*open questions[*_]*:?$/i.test(text.trim());

/** Lines in code blocks are blanked, since `# a comment` there is no heading. */
function withoutCode(lines: readonly string[]): string[] {
  let fence: string | undefined;
  return lines.map((line) => {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && mark === undefined) return line;
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    return '';
  });
}

/** List items with what belongs to them; where there is no list, paragraphs. */
function items(lines: readonly string[]): string[] {
  const indents = lines.flatMap((line) => itemPattern.exec(line)?.[1]?.length ?? []);
  const outermost = Math.min(...indents);
  const found: string[] = [];
  let afterBlank = true;
  for (const line of lines) {
    const item = itemPattern.exec(line);
    const begins = indents.length === 0 ? afterBlank && line.trim() !== '' : item?.[1]?.length === outermost;
    const belongs = !afterBlank || /^\s/.test(line);
    if (begins) found.push((item?.[2] ?? line).trim());
    else if (line.trim() !== '' && belongs && found.length > 0)
      found.push(`${found.pop() ?? ''} ${line.trim()}`);
    afterBlank = line.trim() === '';
  }
  return found.map((item) => item.replace(/^\[[ xX]\]\s*/, '').trim()).filter((item) => item !== '');
}

const itemPattern = /^(\s*)(?:[-*+]|\d+[.)])\s+(.+)$/;

function saysNone(item: string): boolean {
  const text = item.replace(/[*_`]/g, '').trim();
  if (text.includes('?')) return false;
  return (
    /^\(?(?:none|n\/a|nothing)\)?(?:\s*[.,;:!—–(-].*)?$/i.test(text) ||
    /^(?:there are )?no(?:ne| (?:open |further |remaining )?questions)\b/i.test(text) ||
    /^(?:none|nothing) (?:at this (?:time|point|stage)|at present|at the moment|so far|remains?|open|left)\b/i.test(
      text,
    )
  );
}
