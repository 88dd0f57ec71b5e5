import sharp from 'sharp';
import { backdropFor } from '../../util/backdrop.ts';
import { boxHeight, boxWidth, type PixelBox, type Grey, type Rgb } from './raster.ts';

// One thread, and nothing kept: the process has to stay small, and the server has the other core.
sharp.concurrency(1);
sharp.cache(false);

/** A picture larger than this is refused by the upload; here it only bounds what a broken header can ask for. */
const MAX_INPUT_PIXELS = 268_000_000;

/** A still picture, or one frame of a moving one. */
export interface Source {
  file: string;
  page: number;
  /** The colour under transparent places. */
  background: string;
}

export interface Measured {
  /** As people see it: turned by its EXIF orientation. */
  width: number;
  height: number;
  /** Frames. */
  pages: number;
  /** The colour under transparent places that its ink needs: as in the thumbnail. */
  background: string;
}

/** Longest side, in pixels, of the copy that the background is chosen by. */
const MAX_BACKDROP_SIDE_PX = 600;
const WHITE = '#ffffff';

const openImage = ({ file, page }: Pick<Source, 'file' | 'page'>) =>
  sharp(file, { page, failOn: 'none', limitInputPixels: MAX_INPUT_PIXELS, sequentialRead: true });

/** Size and background of a file's frames. Throws when it is no picture. */
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

/** Decodes a part of a picture (in pixels as people see it) to colour, on its background, scaled by `scale`. */
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

/** The same picture without its colours (ITU-R BT.601 luma). */
export function toGrey({ width, height, data }: Rgb): Grey {
  const grey = new Uint8Array(width * height);
  for (let at = 0, byte = 0; at < grey.length; at += 1, byte += 3) {
    grey[at] = ((data[byte] ?? 0) * 77 + (data[byte + 1] ?? 0) * 150 + (data[byte + 2] ?? 0) * 29) >> 8;
  }
  return { width, height, data: grey };
}

/** Every frame of the first `count`, `side` by `side` pixels of grey: enough to tell scenes apart. */
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
