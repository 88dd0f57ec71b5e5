import type { Statistics } from './statistics.ts';

/** A condition as tsquery text, with the estimated share of matching items. */
export interface Clause {
  text: string;
  share: number;
  /**
   * Estimated share of items that the GIN index returns. It is higher than `share` for phrases,
   * whose word order is checked on the rows.
   */
  looked: number;
  /**
   * Cost of reading the index lists, in entries as a share of all items. Several lists may exceed
   * 1.
   */
  read: number;
}

/**
 * Cost of a prefix lookup relative to a list. It collects and sorts the rows of all matching words.
 */
const PREFIX_COST = 4;

/** Share of items with two words that have them side by side, for items of about 20 words. */
const ADJACENT_SHARE = 0.05;

/**
 * Quotes a lexeme: quotes and backslashes are doubled. Source:
 * https://www.postgresql.org/docs/current/datatype-textsearch.html
 */
const quoteLexeme = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** Builds a clause for one lexeme. */
export function lexeme(text: string, statistics: Statistics): Clause {
  const share = statistics.share(text);
  return { text: quoteLexeme(text), share, looked: share, read: share };
}

/** Builds a clause for all lexemes with a prefix. */
export function beginning(start: string, statistics: Statistics): Clause {
  const share = statistics.shareOfPrefix(start);
  return { text: `${quoteLexeme(start)}:*`, share, looked: share, read: share * PREFIX_COST };
}

const joinClauses = (clauses: readonly Clause[], operator: string) =>
  clauses.length === 1 ? (clauses[0]?.text ?? '') : `(${clauses.map(({ text }) => text).join(operator)})`;
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);

/** Combines clauses with OR. The estimate takes them as independent. */
export const anyOf = (clauses: readonly Clause[]): Clause => ({
  text: joinClauses(clauses, ' | '),
  share: 1 - product(clauses.map(({ share }) => 1 - share)),
  looked: 1 - product(clauses.map(({ looked }) => 1 - looked)),
  read: sum(clauses.map(({ read }) => read)),
});

/** Combines clauses with AND. The estimate takes them as independent. */
export const allOf = (clauses: readonly Clause[]): Clause => ({
  text: joinClauses(clauses, ' & '),
  share: product(clauses.map(({ share }) => share)),
  looked: product(clauses.map(({ looked }) => looked)),
  read: sum(clauses.map(({ read }) => read)),
});

/** Builds a clause for adjacent positions, in this order. */
export function phraseOf(positions: readonly Clause[]): Clause {
  // A repeated word of a phrase is looked up once.
  const distinct = [...new Map(positions.map((position) => [position.text, position])).values()];
  const looked = product(distinct.map((position) => position.looked));
  return {
    text: joinClauses(positions, ' <-> '),
    share: looked * ADJACENT_SHARE ** (positions.length - 1),
    looked,
    read: sum(distinct.map(({ read }) => read)),
  };
}

/** Negates a clause. */
export const not = ({ text, share, read }: Clause): Clause => ({
  text: `!${text}`,
  share: 1 - share,
  looked: 1 - share,
  read,
});

/**
 * Returns the matches of `wide` without those of `others`.
 *
 * @param inside - those of the others that lie entirely within `wide`, for the estimate
 */
export function excluding(wide: Clause, others: readonly Clause[], inside: readonly Clause[]): Clause {
  if (others.length === 0) return wide;
  const gone = Math.max(0, ...inside.map(({ share }) => share));
  const share = Math.max(wide.share - gone, wide.share / 100);
  return {
    text: [wide.text, ...others.map((other) => `!${other.text}`)].join(' & '),
    share,
    looked: Math.max(share, wide.looked - gone),
    read: sum([wide, ...others].map(({ read }) => read)),
  };
}
