import type { Match } from '../../media/media.schema.ts';

/** Largest length of a snippet, and largest part before the first mark, UTF-16 units. */
const MAX_SNIPPET_UNITS = 160;
const MAX_UNITS_BEFORE_MARK = 50;

/** A span of a text, UTF-16 units; `end` is exclusive. */
export interface TextSpan {
  start: number;
  end: number;
}

/** Cuts a snippet around the first mark, at word boundaries, and returns it with its marks. */
export function snippetOf(text: string, marks: readonly TextSpan[]): Pick<Match, 'snippet' | 'marks'> {
  let start = 0;
  let end = text.length;
  if (text.length > MAX_SNIPPET_UNITS) {
    const first = marks[0]?.start ?? 0;
    start = first <= MAX_UNITS_BEFORE_MARK ? 0 : first - MAX_UNITS_BEFORE_MARK;
    if (start > 0) {
      const space = text.slice(start, first).search(/\s/);
      start = space === -1 ? first : start + space + 1;
    }
    end = Math.min(text.length, start + MAX_SNIPPET_UNITS);
    if (end < text.length) {
      const space = text.slice(start, end).search(/\s\S*$/);
      if (space > first - start) end = start + space;
      // The snippet never ends between the halves of a surrogate pair.
      else if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end--;
    }
  }
  const [lead, tail] = [start > 0 ? '…' : '', end < text.length ? '…' : ''];
  const shift = lead.length - start;
  return {
    snippet: lead + text.slice(start, end).replace(/\s/g, ' ') + tail,
    marks: marks
      .filter((mark) => mark.start >= start && mark.start < end)
      .map((mark) => [mark.start + shift, Math.min(mark.end, end) + shift]),
  };
}
