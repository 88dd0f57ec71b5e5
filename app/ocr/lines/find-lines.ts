import { isPlausible } from './rank-candidates.ts';
import { packColours } from '../image/packed-colours.ts';
import { decodePart, type Source } from '../image/decode.ts';
import { findFlatLetters } from '../detect/flat-background.ts';
import type { Letters } from '../detect/letter.ts';
import { findOutlinedLetters } from '../detect/outlined-letters.ts';
import type { PageRow } from '../recognize/render-line.ts';
import type { Box } from '../image/raster.ts';
import { groupRows } from './group-lines.ts';

/** Lower letters, in pixels and in shares of the picture, cannot be read. */
const MIN_HEIGHT = 6;
const MIN_HEIGHT_SHARE = 0.008;

/** Looks for letters in every way there is. What is only needed for looking is released on return. */
export async function findRows(source: Source, strip: Box, scale: number): Promise<PageRow[]> {
  const picture = packColours(await decodePart(source, strip, scale));
  const minHeight = Math.max(MIN_HEIGHT, MIN_HEIGHT_SHARE * picture.height);
  const found: Letters[] = [findFlatLetters(picture), ...findOutlinedLetters(picture)];
  return found.flatMap((letters) =>
    groupRows(letters.letters, minHeight)
      .filter(isPlausible)
      .map((row) => ({ row, source: letters })),
  );
}
