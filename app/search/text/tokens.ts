import type { MediaRow } from '../../media/media.repository.ts';
import type { Match } from '../../media/media.schema.ts';
import { fold, normalizeWord, WORD } from './words.ts';

/** A word where it stands in a text. */
export interface Token {
  start: number;
  end: number;
  word: string;
  folded: string;
}

/** A field of an item and the words in it. */
export interface FieldText {
  field: Match['field'];
  text: string;
  tokens: readonly Token[];
}

/** Only so much of a text is looked through for marks. */
const LOOKED_THROUGH = 20_000;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const { index, 0: found } of text.slice(0, LOOKED_THROUGH).matchAll(WORD)) {
    const word = normalizeWord(found);
    tokens.push({ start: index, end: index + found.length, word, folded: fold(word) });
  }
  return tokens;
}

/** The searchable fields of an item, in the order in which a match in them is shown; without empty ones. */
export function fieldTexts(
  item: Pick<MediaRow, 'title' | 'tags' | 'text' | 'description' | 'original_name'>,
): FieldText[] {
  const fields: [Match['field'], string][] = [
    ['title', item.title],
    ['tags', item.tags.join(' ')],
    ['text', item.text],
    ['description', item.description],
    ['name', item.original_name],
  ];
  return fields
    .filter(([, text]) => text !== '')
    .map(([field, text]) => ({ field, text, tokens: tokensOf(text) }));
}
