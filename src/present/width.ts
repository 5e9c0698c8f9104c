/** Text by the columns that it takes in a terminal: two for a CJK character or an emoji, none for a combining mark. Pure. */
import stringWidth from 'string-width';

/** Printable ASCII takes a column each: nearly all that is measured, and many times for each frame of the screen. */
const plain = /^[\x20-\x7e]*$/;

export const textWidth = (text: string): number => (plain.test(text) ? text.length : stringWidth(text));

const segmenter = new Intl.Segmenter();

/** No wider than so many columns, the last one an ellipsis where something was cut off. */
export function cut(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let kept = '';
  let left = columns - 1;
  for (const { segment } of segmenter.segment(text)) {
    left -= textWidth(segment);
    if (left < 0) break;
    kept += segment;
  }
  return `${kept}…`;
}
