/**
 * Characters of scripts that are written without spaces, or whose words are searched for by a part: Thai, Lao, Myanmar, Khmer,
 * Hangul, Kana, Bopomofo and Han. The identity ranges are in search_prepared and search_vector (migrations).
 */
const UNSPACED_SCRIPTS =
  '\\u0E00-\\u0E7F\\u0E80-\\u0EFF\\u1000-\\u109F\\u1100-\\u11FF\\u1780-\\u17FF\\u3005-\\u3007\\u3021-\\u302F\\u3031-\\u3035' +
  '\\u3038-\\u303C\\u3041-\\u309F\\u30A1-\\u30FA\\u30FC-\\u312F\\u3131-\\u318E\\u31A0-\\u31BF\\u31F0-\\u31FF\\u3400-\\u4DBF' +
  '\\u4E00-\\u9FFF\\uA960-\\uA97F\\uA9E0-\\uA9FE\\uAA60-\\uAA7F\\uAC00-\\uD7FB\\uF900-\\uFAFF\\u{1AFF0}-\\u{1B16F}\\u{20000}-\\u{3FFFD}';

/** Pictographs and symbols that are searched for; without © and ®, which say nothing about an item. The identity are in search_vector. */
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
/** A character of a symbol, but no flag letter and no skin tone. */
export const SYMBOL_COMPONENT = new RegExp(`[[${SYMBOLS}]--[\\p{RI}${SKIN_TONE}]]`, 'gv');

const APOSTROPHES =
  /[`\u00B4\u2018\u2019\u201B\u2032\u2035\u02B9\u02BB\u02BC\u02BD\u02BE\u02BF\u02C8\u02CA\u02CB\u055A\u05F3\uA78C\uFF07\uFF40]/g;
const HYPHENS = /[\u2010\u2011\u2012\u2013\uFE63\uFF0D]/g;
/** Soft hyphen, word joiner, byte order mark and the variation selectors of emoji: nothing that is searched for. */
const INVISIBLE = /\u00AD|\u2060|\uFE0E|\uFE0F|\uFEFF/;
/** What NFKC may compose or reorder together. */
const CLUSTER = /[^\p{M}][\p{M}\u1160-\u11FF\uFF9E\uFF9F]*|\p{M}+/gsu;

/** A stretch of the text that it was cut from, in UTF-16 units of that text. */
export interface UnitSpan {
  start: number;
  end: number;
  /** Prepared, lower case; a part of a word may have apostrophes in it. */
  text: string;
}

/** What a text is made of: a word (in parts where it has hyphens), a run of characters without spaces, or a symbol. */
export type Unit =
  | { is: 'word'; parts: readonly UnitSpan[] }
  | { is: 'run'; characters: readonly UnitSpan[] }
  | ({ is: 'symbol' } & UnitSpan);

/** Cuts a text into its units. The index (search_vector) cuts the identity way. */
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
  /** NFKC with one apostrophe, one hyphen and nothing invisible. */
  prepared: string;
  /** Where a stretch of it that begins at this unit begins in the original text. */
  startOf(at: number): number;
  /** Where a stretch of it that ends before this unit ends in the original text. */
  endOf(at: number): number;
}

const identity = (at: number) => at;

function prepare(text: string): Prepared {
  // One unit for one: the positions stay.
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
