/** Word counts of one or more pictures. */
export interface Score {
  /** Words in the picture. */
  expected: number;
  /** Words that OCR read. */
  read: number;
  /** Words in both; each counts as often as it occurs in both. */
  right: number;
}

/** Normalises words for comparison: lower case, composed, without punctuation. Diacritics count. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

export function score(expected: string, read: string): Score {
  const left = new Map<string, number>();
  const wanted = wordsOf(expected);
  for (const word of wanted) left.set(word, (left.get(word) ?? 0) + 1);
  const got = wordsOf(read);
  let right = 0;
  for (const word of got) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    right += 1;
  }
  return { expected: wanted.length, read: got.length, right };
}

export function add(scores: readonly Score[]): Score {
  return scores.reduce(
    (sum, { expected, read, right }) => ({
      expected: sum.expected + expected,
      read: sum.read + read,
      right: sum.right + right,
    }),
    { expected: 0, read: 0, right: 0 },
  );
}

export const recall = ({ expected, right }: Score): number => (expected === 0 ? 1 : right / expected);
export const precision = ({ read, right }: Score): number => (read === 0 ? 1 : right / read);

export function f1(total: Score): number {
  const [r, p] = [recall(total), precision(total)];
  return r + p === 0 ? 0 : (2 * r * p) / (r + p);
}
