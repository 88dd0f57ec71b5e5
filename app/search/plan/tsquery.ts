import type { Statistics } from './statistics.ts';

/** A part of a search as text of PostgreSQL's tsquery, with what fraction of all items it probably matches. */
export interface Clause {
  text: string;
  share: number;
  /** What fraction the inverted index finds for it: more than match, where the order of words has to be checked on the rows. */
  looked: number;
  /** What reading its lists of the inverted index costs: entries, as a fraction of all items; more than 1 for several lists. */
  read: number;
}

/** The rows of all words with a prefix are collected and sorted, which costs this many times what reading a list does. */
const PREFIX_COST = 4;

/** An item of some 20 words that has two words has them side by side about this often. */
const ADJACENT_SHARE = 0.05;

/** Quoted as https://www.postgresql.org/docs/current/datatype-textsearch.html says: quotes and backslashes doubled. */
const quoteLexeme = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

export function lexeme(text: string, statistics: Statistics): Clause {
  const share = statistics.share(text);
  return { text: quoteLexeme(text), share, looked: share, read: share };
}

export function beginning(start: string, statistics: Statistics): Clause {
  const share = statistics.shareOfPrefix(start);
  return { text: `${quoteLexeme(start)}:*`, share, looked: share, read: share * PREFIX_COST };
}

const joinClauses = (clauses: readonly Clause[], operator: string) =>
  clauses.length === 1 ? (clauses[0]?.text ?? '') : `(${clauses.map(({ text }) => text).join(operator)})`;
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);

export const anyOf = (clauses: readonly Clause[]): Clause => ({
  text: joinClauses(clauses, ' | '),
  share: 1 - product(clauses.map(({ share }) => 1 - share)),
  looked: 1 - product(clauses.map(({ looked }) => 1 - looked)),
  read: sum(clauses.map(({ read }) => read)),
});

/** As if one had nothing to do with the other. */
export const allOf = (clauses: readonly Clause[]): Clause => ({
  text: joinClauses(clauses, ' & '),
  share: product(clauses.map(({ share }) => share)),
  looked: product(clauses.map(({ looked }) => looked)),
  read: sum(clauses.map(({ read }) => read)),
});

export function phraseOf(positions: readonly Clause[]): Clause {
  // A word that comes again in the phrase is looked up distinct.
  const distinct = [...new Map(positions.map((position) => [position.text, position])).values()];
  const looked = product(distinct.map((position) => position.looked));
  return {
    text: joinClauses(positions, ' <-> '),
    share: looked * ADJACENT_SHARE ** (positions.length - 1),
    looked,
    read: sum(distinct.map(({ read }) => read)),
  };
}

/** What does not match. */
export const not = ({ text, share, read }: Clause): Clause => ({
  text: `!${text}`,
  share: 1 - share,
  looked: 1 - share,
  read,
});

/**
 * What matches `wide` and none of `others`.
 * @param inside those of the others that are wholly within `wide`, which tells how much is left
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
