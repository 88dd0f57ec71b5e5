import { isPlausible } from './candidates.ts';
import { packColours } from './colours.ts';
import { decodePart, type Source } from './decode.ts';
import { findFlatLetters } from './flat.ts';
import type { Letters } from './letters.ts';
import { findOutlinedLetters } from './outline.ts';
import type { PageRow } from './draw-row.ts';
import type { Box } from './raster.ts';
import { groupRows } from './rows.ts';

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
