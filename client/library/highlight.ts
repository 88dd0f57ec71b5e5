/** A run of text that is either found or not. */
export interface TextRun {
  text: string;
  marked: boolean;
}

/**
 * Cuts a text at its marks, which come as [start, end) in UTF-16 units. Marks out of order, overlapping or beyond the
 * text are brought into bounds: the text itself is always shown whole and as text.
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
