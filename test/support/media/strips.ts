import sharp from 'sharp';

const [WIDTH, HEIGHT] = [500, 4000];
const BAND_HEIGHT = 400;

/**
 * Draws a strip whose top has many details and no words, with words on a pale band further down.
 *
 * @param at place of the band, in pixels from the top; of one at the top, the details follow
 */
export async function strip(at: number, words = 'KISSA ISTUU PUUSSA'): Promise<Blob> {
  const details = at === 0 ? 2000 : 0;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <defs><pattern id="p" width="40" height="40" patternUnits="userSpaceOnUse">
      <rect width="20" height="20" fill="#246"/><rect x="20" y="20" width="20" height="20" fill="#753"/>
    </pattern></defs>
    <rect width="100%" height="100%" fill="#777"/>
    <rect y="${details}" width="100%" height="1000" fill="url(#p)"/>
    <rect y="${at}" width="100%" height="${BAND_HEIGHT}" fill="#fe8"/>
    <text x="30" y="${at + 180}" font-size="38" font-family="DejaVu Sans, Liberation Sans, sans-serif">${words}</text>
  </svg>`;
  return new Blob([new Uint8Array(await sharp(Buffer.from(svg)).png().toBuffer())]);
}
