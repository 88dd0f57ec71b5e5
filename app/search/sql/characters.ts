// Sets of characters in PostgreSQL's regular expressions. app/search/text/units.ts has the same
// sets, and test/app/search/characters.test.ts compares both on random texts.

/** Characters of scripts without spaces between words. */
export const UNSPACED = [
  String.raw`\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007`,
  String.raw`\u3021-\u302f\u3031-\u3035\u3038-\u303c\u3041-\u309f\u30a1-\u30fa\u30fc-\u312f`,
  String.raw`\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f`,
  String.raw`\ua9e0-\ua9fe\uaa60-\uaa7f\uac00-\ud7fb\uf900-\ufaff\U0001aff0-\U0001b16f`,
  String.raw`\U00020000-\U0003fffd`,
].join('');

/** Searchable pictographs and symbols. */
export const SYMBOLS = [
  String.raw`\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa`,
  String.raw`\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07`,
  String.raw`\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\U0001f000-\U0001faff`,
].join('');

/** Marks that PostgreSQL does not count among letters and digits. */
const MARKS = [
  String.raw`\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7`,
  String.raw`\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed`,
  String.raw`\u0730-\u074a\u07a6-\u07b0\u0900-\u0dff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0`,
  String.raw`\ua8e0-\ua8f1\ufe20-\ufe2f`,
].join('');

const LETTERS = `[[:alnum:]${MARKS}${UNSPACED}]+`;
const WORD_PART = `${LETTERS}(?:''${LETTERS})*`;
export const SKIN_TONE = String.raw`[\U0001f3fb-\U0001f3ff]`;
export const FLAG_LETTERS = String.raw`\U0001f1e6-\U0001f1ff`;
const TAGGED_FLAG = String.raw`\U0001f3f4[\U000e0020-\U000e007f]+`;
const ZERO_WIDTH_JOINER = String.raw`\u200d`;
const SYMBOL =
  `(?:[${FLAG_LETTERS}]{2}|${TAGGED_FLAG}|[${SYMBOLS}]${SKIN_TONE}?)` +
  `(?:${ZERO_WIDTH_JOINER}[${SYMBOLS}]${SKIN_TONE}?)*`;

/** Matches a word, a hyphenated compound, a run of characters without spaces, or a symbol. */
export const UNIT = `${WORD_PART}(?:-${WORD_PART})*|${SYMBOL}`;
