import {
  brightnessOf,
  perceptualHashes,
  type RawPixels,
} from '../../app/media/alike/perceptual-hash.shared.ts';

/** Longest side of the compared picture in pixels, as on the server. */
const SIDE_PIXELS = 512;
/** Maximum size of a decoded file in bytes: a larger one costs more than the answer is worth. */
const MAX_DECODED_FILE_BYTES = 20_000_000;
/** Side of a square of the known picture, in pixels. */
const KNOWN_SIDE_PIXELS = 4;
/** The colours of the known picture: red, green and blue of each square. */
const KNOWN_COLOURS = [
  [0, 0, 0],
  [255, 255, 255],
  [200, 40, 90],
  [30, 160, 220],
] as const;
/** A channel of the known picture may be off by this much, which no hash shows. */
const MAX_KNOWN_ERROR = 3;

type Context = OffscreenCanvasRenderingContext2D;

/**
 * Returns the perceptual hashes of a picture, as the server makes them (`framePixels`). A flat
 * picture has none. HEIC, videos and what this browser does not decode are left
 * to the server. A browser that protects canvases from being read leaves all of them.
 */
export async function lookOf(file: Blob): Promise<Uint8Array[]> {
  if (!isDecodable(file)) return [];
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return [];
  try {
    const scale = Math.min(1, SIDE_PIXELS / Math.max(picture.width, picture.height));
    const fit = (side: number) => Math.max(1, Math.round(side * scale));
    const [width, height] = [fit(picture.width), fit(picture.height)];
    const context = openCanvas(width, height);
    if (context === null || !isReadable()) return [];
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, 0, 0, width, height);
    return perceptualHashes(brightnessOf(pixelsOf(context)));
  } finally {
    picture.close();
  }
}

const isDecodable = ({ type, size }: Blob): boolean =>
  /^image\/(jpeg|png|gif|webp|avif)$/.test(type) && size <= MAX_DECODED_FILE_BYTES;

/** Opens a canvas in sRGB; `null` in a browser without one. */
function openCanvas(width: number, height: number): Context | null {
  if (!('OffscreenCanvas' in globalThis)) return null;
  return new OffscreenCanvas(width, height).getContext('2d', {
    colorSpace: 'srgb',
    willReadFrequently: true,
  });
}

function pixelsOf(context: Context): RawPixels {
  const { width, height } = context.canvas;
  return { data: context.getImageData(0, 0, width, height).data, width, height, channels: 4 };
}

/**
 * Tells whether pixels are read as they were drawn. Protection against fingerprinting returns noise
 * or one colour; a known small picture shows it.
 */
function isReadable(): boolean {
  const side = KNOWN_SIDE_PIXELS;
  const context = openCanvas(side * KNOWN_COLOURS.length, side);
  if (context === null) return false;
  for (const [i, colour] of KNOWN_COLOURS.entries()) {
    context.fillStyle = `rgb(${colour.join(' ')})`;
    context.fillRect(i * side, 0, side, side);
  }
  return isKnownPicture(pixelsOf(context));
}

/** Tells whether these are the pixels of the known picture. */
function isKnownPicture({ data, width }: RawPixels): boolean {
  for (let i = 0; i < data.length; i++) {
    const [x, channel] = [Math.floor(i / 4) % width, i % 4];
    const expected = KNOWN_COLOURS[Math.floor(x / KNOWN_SIDE_PIXELS)]?.[channel] ?? 255;
    if (Math.abs((data[i] ?? 0) - expected) > MAX_KNOWN_ERROR) return false;
  }
  return true;
}
