/** A part of a text, either matched or not. */
export interface TextRun {
  text: string;
  marked: boolean;
}

/**
 * Splits a text at its marks: [start, end) in UTF-16 units. Marks that are unordered, overlapping
 * or out of range are clamped. The text itself is always shown in full, as text.
 */
export function splitAtMarks(text: string, marks: readonly (readonly [number, number])[]): TextRun[] {
  const result: TextRun[] = [];
  let at = 0;
  const push = (end: number, marked: boolean) => {
    if (end > at) result.push({ text: text.slice(at, end), marked });
    at = Math.max(at, end);
  };
  for (const [start, end] of marks.toSorted((a, b) => a[0] - b[0])) {
    push(Math.min(start, text.length), false);
    push(Math.min(end, text.length), true);
  }
  push(text.length, false);
  return result;
}
