import type { MediaRow } from '../../media/media.repository.ts';
import type { Match } from '../../media/media.schema.ts';
import { positionsOf, type WordSpan } from './positions.ts';
import { fold } from './words.ts';

/** A word where it stands in a text, in UTF-16 units. */
export interface Token extends WordSpan {
  folded: string;
}

/** One position of a text: the token that stands there first, and what else it is found by. */
export type TextPosition = readonly [Token, ...Token[]];

/** A field of an item and the words in it. */
export interface FieldText {
  field: Match['field'];
  text: string;
  positions: readonly TextPosition[];
}

/** Only so much of a text is looked through for marks. */
const MAX_HIGHLIGHTED_UNITS = 20_000;

function* tokensOf(text: string): Generator<TextPosition> {
  const token = (spelling: WordSpan): Token => ({ ...spelling, folded: fold(spelling.word) });
  for (const { main, more } of positionsOf(text.slice(0, MAX_HIGHLIGHTED_UNITS)))
    yield [token(main), ...more.map(token)];
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
    .map(([field, text]) => ({ field, text, positions: [...tokensOf(text)] }));
}
