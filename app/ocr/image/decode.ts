import sharp from 'sharp';
import { backdropFor } from '../../util/backdrop.ts';
import { boxHeight, boxWidth, type PixelBox, type Grey, type Rgb } from './raster.ts';

// One thread and no cache: the process must stay small, and the server uses the other core.
sharp.concurrency(1);
sharp.cache(false);

/**
 * Largest input, pixels. The upload already refuses larger pictures; this limit covers broken
 * headers.
 */
const MAX_INPUT_PIXELS = 268_000_000;

/** A still picture, or one frame of a moving picture. */
export interface Source {
  file: string;
  page: number;
  /** Colour behind transparent pixels. */
  background: string;
}

/** Size, frame count and background of a file. */
export interface Measured {
  /** Size after EXIF orientation, pixels. */
  width: number;
  height: number;
  /** Number of frames. */
  pages: number;
  /** Colour behind transparent pixels, chosen for its contrast. The thumbnail uses the same one. */
  background: string;
}

/** Longest side of the copy for the choice of the background, pixels. */
const MAX_BACKDROP_SIDE_PX = 600;
const WHITE = '#ffffff';

const openImage = ({ file, page }: Pick<Source, 'file' | 'page'>) =>
  sharp(file, { page, failOn: 'none', limitInputPixels: MAX_INPUT_PIXELS, sequentialRead: true });

/**
 * Measures a file's frames and chooses the background.
 *
 * @throws when the file is not a picture
 */
export async function measure(file: string): Promise<Measured> {
  const { autoOrient, pages = 1, pageHeight, hasAlpha } = await openImage({ file, page: 0 }).metadata();
  const background = hasAlpha ? await backgroundOf(file) : WHITE;
  return { width: autoOrient.width, height: pageHeight ?? autoOrient.height, pages, background };
}

async function backgroundOf(file: string): Promise<string> {
  const { data, info } = await openImage({ file, page: 0 })
    .resize({
      width: MAX_BACKDROP_SIDE_PX,
      height: MAX_BACKDROP_SIDE_PX,
      fit: 'inside',
      withoutEnlargement: true,
    })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return backdropFor(data, info.channels) ?? WHITE;
}

/**
 * Decodes a region of a picture to RGB on its background.
 *
 * @param part - region after EXIF orientation, pixels
 * @param scale - output pixels per picture pixel
 */
export async function decodeRegion(source: Source, part: PixelBox, scale: number): Promise<Rgb> {
  const width = Math.max(1, Math.round(boxWidth(part) * scale));
  const height = Math.max(1, Math.round(boxHeight(part) * scale));
  const { data } = await openImage(source)
    .autoOrient()
    .extract({ left: part.left, top: part.top, width: boxWidth(part), height: boxHeight(part) })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .flatten({ background: source.background })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, data };
}

/** Converts RGB to grey (ITU-R BT.601 luma). */
export function toGrey({ width, height, data }: Rgb): Grey {
  const grey = new Uint8Array(width * height);
  for (let at = 0, byte = 0; at < grey.length; at += 1, byte += 3) {
    grey[at] = ((data[byte] ?? 0) * 77 + (data[byte + 1] ?? 0) * 150 + (data[byte + 2] ?? 0) * 29) >> 8;
  }
  return { width, height, data: grey };
}

/**
 * Decodes the first `count` frames to grey squares of `side` pixels. This is enough to tell scenes
 * apart.
 */
export async function decodeThumbnails(
  { file, background }: Pick<Source, 'file' | 'background'>,
  count: number,
  side: number,
): Promise<Uint8Array[]> {
  const { data, info } = await sharp(file, {
    pages: count,
    failOn: 'none',
    limitInputPixels: false,
    sequentialRead: true,
  })
    .resize(side, side, { fit: 'fill', kernel: 'linear' })
    .flatten({ background })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const size = side * side * info.channels;
  return Array.from({ length: Math.floor(data.length / size) }, (_, index) =>
    data.subarray(index * size, (index + 1) * size),
  );
}
