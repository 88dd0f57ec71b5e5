import { isPlausible } from './rank-candidates.ts';
import { packColours } from '../image/packed-colours.ts';
import { decodeRegion, type Source } from '../image/decode.ts';
import { findFlatLetters } from '../detect/flat-background.ts';
import type { Letters } from '../detect/letter.ts';
import { findOutlinedLetters } from '../detect/outlined-letters.ts';
import type { PixelBox } from '../image/raster.ts';
import { groupLines } from './group-lines.ts';
import type { PageLine } from './line.ts';

/** Smallest readable letter height, in pixels and as a share of the picture height. */
const MIN_LETTER_HEIGHT_PX = 6;
const MIN_LETTER_HEIGHT_SHARE = 0.008;

/**
 * Finds text lines with every detection method.
 *
 * @param strip - region of the picture, pixels
 * @param scale - working pixels per picture pixel
 * @returns plausible lines, in working pixels of the strip
 */
export async function findLines(source: Source, strip: PixelBox, scale: number): Promise<PageLine[]> {
  const picture = packColours(await decodeRegion(source, strip, scale));
  const minHeight = Math.max(MIN_LETTER_HEIGHT_PX, MIN_LETTER_HEIGHT_SHARE * picture.height);
  const found: Letters[] = [findFlatLetters(picture), ...findOutlinedLetters(picture)];
  return found.flatMap((letters) =>
    groupLines(letters.letters, minHeight)
      .filter(isPlausible)
      .map((line) => ({ line, source: letters })),
  );
}
