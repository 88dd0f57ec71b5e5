/**
 * Characters of scripts without spaces, or with words that people search by a part. These are Thai,
 * Lao, Myanmar, Khmer, Hangul, Kana, Bopomofo and Han.
 *
 * app/search/sql/characters.ts has the same ranges.
 */
const UNSPACED_SCRIPTS =
  '\\u0E00-\\u0E7F\\u0E80-\\u0EFF\\u1000-\\u109F\\u1100-\\u11FF\\u1780-\\u17FF\\u3005-\\u3007\\u3021-\\u302F\\u3031-\\u3035' +
  '\\u3038-\\u303C\\u3041-\\u309F\\u30A1-\\u30FA\\u30FC-\\u312F\\u3131-\\u318E\\u31A0-\\u31BF\\u31F0-\\u31FF\\u3400-\\u4DBF' +
  '\\u4E00-\\u9FFF\\uA960-\\uA97F\\uA9E0-\\uA9FE\\uAA60-\\uAA7F\\uAC00-\\uD7FB\\uF900-\\uFAFF\\u{1AFF0}-\\u{1B16F}\\u{20000}-\\u{3FFFD}';

/**
 * Searchable pictographs and symbols. © and ® are left out, because they do not describe an item.
 * app/search/sql/characters.ts has the same ranges.
 */
const SYMBOLS =
  '\\u2194-\\u2199\\u21A9\\u21AA\\u231A\\u231B\\u2328\\u23CF\\u23E9-\\u23F3\\u23F8-\\u23FA\\u25AA\\u25AB\\u25B6\\u25C0\\u25FB-\\u25FE' +
  '\\u2600-\\u27BF\\u2934\\u2935\\u2B05-\\u2B07\\u2B1B\\u2B1C\\u2B50\\u2B55\\u3030\\u303D\\u{1F000}-\\u{1FAFF}';

const LETTER = `[[\\p{L}\\p{M}\\p{Nd}]--[${UNSPACED_SCRIPTS}${SYMBOLS}]]`;
const WORD_PART = `${LETTER}+(?:'${LETTER}+)*`;
const SKIN_TONE = '[\\u{1F3FB}-\\u{1F3FF}]';

/** Matches one unit of a prepared text. */
const UNIT = new RegExp(
  `(?<run>[${UNSPACED_SCRIPTS}]+)|(?<word>${WORD_PART}(?:-${WORD_PART})*)|` +
    `(?<symbol>(?:\\p{RI}{2}|\\u{1F3F4}[\\u{E0020}-\\u{E007F}]+|[${SYMBOLS}]${SKIN_TONE}?)(?:\\u200D[${SYMBOLS}]${SKIN_TONE}?)*)`,
  'gv',
);
/** Matches a character of a symbol, but no flag letter and no skin tone. */
export const SYMBOL_COMPONENT = new RegExp(`[[${SYMBOLS}]--[\\p{RI}${SKIN_TONE}]]`, 'gv');

const APOSTROPHES =
  /[`\u00B4\u2018\u2019\u201B\u2032\u2035\u02B9\u02BB\u02BC\u02BD\u02BE\u02BF\u02C8\u02CA\u02CB\u055A\u05F3\uA78C\uFF07\uFF40]/g;
const HYPHENS = /[\u2010\u2011\u2012\u2013\uFE63\uFF0D]/g;
/**
 * Matches characters that nobody searches for: soft hyphen, word joiner, byte order mark and
 * variation selectors of emoji.
 */
const INVISIBLE = /\u00AD|\u2060|\uFE0E|\uFE0F|\uFEFF/;
/** Matches a sequence that NFKC may compose or reorder. */
const CLUSTER = /[^\p{M}][\p{M}\u1160-\u11FF\uFF9E\uFF9F]*|\p{M}+/gsu;

/** A span of the original text, UTF-16 units. */
export interface UnitSpan {
  start: number;
  end: number;
  /** The prepared text in lower case. A part of a word may contain apostrophes. */
  text: string;
}

/**
 * A unit of a text: a word (with parts if hyphenated), a run of characters without spaces, or a
 * symbol.
 */
export type Unit =
  | { is: 'word'; parts: readonly UnitSpan[] }
  | { is: 'run'; characters: readonly UnitSpan[] }
  | ({ is: 'symbol' } & UnitSpan);

/** Splits a text into units. The index splits in the same way (search_vector). */
export function* unitsOf(text: string): Generator<Unit> {
  const source = prepare(text);
  for (const { index, 0: found, groups = {} } of source.prepared.matchAll(UNIT)) {
    const stretch = (from: number, part: string): UnitSpan => ({
      start: source.startOf(from),
      end: source.endOf(from + part.length),
      text: part.toLowerCase(),
    });
    if (groups['symbol'] !== undefined) {
      yield { is: 'symbol', ...stretch(index, found) };
      continue;
    }
    let from = index;
    if (groups['run'] !== undefined) {
      const characters = Array.from(found, (character) => {
        const own = stretch(from, character);
        from += character.length;
        return own;
      });
      yield { is: 'run', characters };
      continue;
    }
    const parts = found.split('-').map((part) => {
      const own = stretch(from, part);
      from += part.length + 1;
      return own;
    });
    yield { is: 'word', parts };
  }
}

interface Prepared {
  /**
   * The text after NFKC, with one kind of apostrophe and hyphen and without invisible characters.
   */
  prepared: string;
  /** Maps the start of a span to the original text. */
  startOf(at: number): number;
  /** Maps the end of a span to the original text. */
  endOf(at: number): number;
}

const identity = (at: number) => at;

function prepare(text: string): Prepared {
  // Each replacement has the length of its original, so positions stay valid.
  const plain = text.replace(APOSTROPHES, "'").replace(HYPHENS, '-');
  if (!INVISIBLE.test(plain) && plain.normalize('NFKC') === plain)
    return { prepared: plain, startOf: identity, endOf: identity };
  const visible: { character: string; start: number }[] = [];
  let length = 0;
  for (const character of plain) {
    if (!INVISIBLE.test(character)) visible.push({ character, start: length });
    length += character.length;
  }
  let prepared = '';
  const starts: number[] = [];
  const ends: number[] = [];
  let index = 0;
  for (const [cluster] of visible
    .map(({ character }) => character)
    .join('')
    .matchAll(CLUSTER)) {
    const start = visible[index]?.start ?? length;
    index += Array.from(cluster).length;
    const end = visible[index]?.start ?? length;
    const normal = cluster.normalize('NFKC');
    for (let i = 0; i < normal.length; i++) {
      starts.push(start);
      ends.push(end);
    }
    prepared += normal;
  }
  return { prepared, startOf: (at) => starts[at] ?? length, endOf: (at) => ends[at - 1] ?? 0 };
}
