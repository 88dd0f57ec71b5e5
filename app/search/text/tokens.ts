import type { MediaRow } from '../../media/media.repository.ts';
import type { Match } from '../../media/media.schema.ts';
import { positionsOf, type WordSpan } from './positions.ts';
import { fold } from './words.ts';

/** A word with its span in a text, UTF-16 units. */
export interface Token extends WordSpan {
  folded: string;
}

/** The tokens of one position: the word there first, then further spellings. */
export type TextPosition = readonly [Token, ...Token[]];

/** A field of an item with its words. */
export interface FieldText {
  field: Match['field'];
  text: string;
  positions: readonly TextPosition[];
}

/** Length of text that is highlighted, UTF-16 units. */
const MAX_HIGHLIGHTED_UNITS = 20_000;

function* tokensOf(text: string): Generator<TextPosition> {
  const token = (spelling: WordSpan): Token => ({ ...spelling, folded: fold(spelling.word) });
  for (const { main, more } of positionsOf(text.slice(0, MAX_HIGHLIGHTED_UNITS)))
    yield [token(main), ...more.map(token)];
}

/**
 * Returns the searchable fields of an item without empty ones, in the order of preference for the
 * displayed match.
 */
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
    .map(([field, text]) => ({ field, text, positions: [...tokensOf(text)] }));
}
