import type { MediaRow } from '../../media/media.repository.ts';
import type { Match } from '../../media/media.schema.ts';
import { placesOf, type Spelling } from './places.ts';
import { fold } from './words.ts';

/** A word where it stands in a text, in UTF-16 units. */
export interface Token extends Spelling {
  folded: string;
}

/** One place of a text: the token that stands there first, and what else it is found by. */
export type Place = readonly [Token, ...Token[]];

/** A field of an item and the words in it. */
export interface FieldText {
  field: Match['field'];
  text: string;
  places: readonly Place[];
}

/** Only so much of a text is looked through for marks. */
const LOOKED_THROUGH = 20_000;

function* tokensOf(text: string): Generator<Place> {
  const token = (spelling: Spelling): Token => ({ ...spelling, folded: fold(spelling.word) });
  for (const { main, more } of placesOf(text.slice(0, LOOKED_THROUGH)))
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
    .map(([field, text]) => ({ field, text, places: [...tokensOf(text)] }));
}
