import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Selectable } from 'kysely';
import { rgbaToThumbHash } from 'thumbhash';
import type { Media } from '../../db/schema.gen.ts';
import type { RawPixels } from '../alike/perceptual-hash.shared.ts';
import { webpObject } from '../../storage/objects.ts';
import { backdropFor } from '../../util/backdrop.ts';
import { thumbPart, thumbSize, type Size } from '../shape.shared.ts';
import { LARGE_BYTES, LARGE_WIDTH_PIXELS, MIN_LARGE_GAIN, THUMB_RECIPE } from '../thumbnail.limits.ts';
import { sharp } from '../sharp.ts';
import { encodeThumbnail, type Pixels } from './encode-thumbnail.ts';
import { brokenPicture, openPicture } from './image.ts';
import { placeOfPart } from './thumbnail-part.ts';

/** thumbhash keeps at most 7 waves a side, so this is plenty; its time grows with the pixels. */
const HASH_SIDE_PIXELS = 32;

export interface Thumbnail {
  webp: Buffer;
  /** A wider one for large tiles; `null` if the picture is hardly wider. */
  large: Buffer | null;
  /** thumbhash in base64. */
  hash: string;
  /** The place from which it shows a tall picture, in pixels from the top; else `null`. */
  top: number | null;
  /** The place of the words that it shows, as in the row of the item. */
  wordsTop: number | null;
  /** The decoded picture; `null` if the thumbnail shows only a part of it. */
  whole: RawPixels | null;
}

/** Writes a thumbnail, and the wider one, into a folder. Returns their objects and columns. */
export async function writeThumbnail(folder: string, thumbnail: Thumbnail) {
  const thumb = webpObject(join(folder, 'thumb.webp'));
  const large = thumbnail.large && webpObject(join(folder, 'large.webp'));
  await writeFile(thumb.path, thumbnail.webp, { flag: 'wx' });
  if (large && thumbnail.large) await writeFile(large.path, thumbnail.large, { flag: 'wx' });
  return {
    objects: large ? [thumb, large] : [thumb],
    values: thumbnailColumns(thumb.key, large?.key ?? null, thumbnail),
  };
}

/** Columns of a row that describe its thumbnail. */
export type ThumbnailColumns = ReturnType<typeof thumbnailColumns>;

const thumbnailColumns = (key: string, large: string | null, { hash, top, wordsTop }: Thumbnail) => ({
  thumb_key: key,
  large_key: large,
  thumb_hash: hash,
  thumb_recipe: THUMB_RECIPE,
  thumb_top: top,
  thumb_words_top: wordsTop,
});

/** Whether an item's thumbnail shows another part of the picture than its words ask for. */
export const missesWords = (
  row: Pick<Selectable<Media>, 'thumb_key' | 'words_top' | 'thumb_words_top'>,
): boolean => row.thumb_key !== null && row.words_top !== row.thumb_words_top;

/**
 * Makes a thumbnail of the size of `thumbSize`. Of a very tall or wide picture it shows a part.
 * That begins `wordsTop` pixels from the top, unless that is `null`. The whole first frame is
 * decoded, so an accepted file is whole. Errors: `broken_file`.
 */
export async function makeThumbnail(path: string, wordsTop: number | null): Promise<Thumbnail> {
  const { raw, size, isLarge, isWhole, top } = await shownPart(path, wordsTop).catch(brokenPicture);
  const { data, info } = isLarge ? await shrink(raw, size) : raw;
  const { width, height, channels } = info;
  const backdrop = backdropFor(data, channels);
  const small = tiny(data, info, backdrop);
  const hash = rgbaToThumbHash(small.width, small.height, small.rgba);
  return {
    webp: await encodeThumbnail(await opaque(data, info, backdrop)),
    large: isLarge ? await encodeThumbnail(await opaque(raw.data, raw.info, backdrop), LARGE_BYTES) : null,
    hash: Buffer.from(hash).toString('base64'),
    top,
    wordsTop,
    whole: isWhole ? { data, width, height, channels } : null,
  };
}

/** Scales decoded pixels down. */
const shrink = ({ data, info: { width, height, channels } }: Decoded, size: Size): Promise<Decoded> =>
  sharp(data, { raw: { width, height, channels } })
    .resize({ ...size, fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });

/** Returns pixels without an alpha channel. */
async function opaque(data: Buffer, info: RawInfo, backdrop: string | null): Promise<Pixels> {
  const { width, height, channels } = info;
  if (channels === 1 || channels === 3) return { data, width, height, channels };
  return { ...(await flatten(data, info, backdrop)), width, height };
}

/** Decodes what the thumbnail shows, at the size of the wider one if there is to be one. */
async function shownPart(path: string, wordsTop: number | null) {
  const { autoOrient: size } = await openPicture(path).metadata();
  const part = thumbPart(size);
  const picture = openPicture(path).autoOrient();
  const isWhole = part.width === size.width && part.height === size.height;
  const place = isWhole ? null : await placeOfPart(path, size, part, wordsTop);
  const shown = place ? picture.extract({ ...part, ...place }) : picture;
  const thumb = thumbSize(size);
  const large = thumbSize(size, LARGE_WIDTH_PIXELS);
  const isLarge = large.width >= MIN_LARGE_GAIN * thumb.width;
  const raw = await shown
    .resize({ ...(isLarge ? large : thumb), fit: 'fill' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const top = place && part.height < size.height ? place.top : null;
  return { raw, size: thumb, isLarge, isWhole, top };
}

/** Puts transparent pixels on a background, and drops the channel. */
async function flatten(data: Buffer, { width, height, channels }: RawInfo, backdrop: string | null) {
  const { data: flat, info } = await sharp(data, { raw: { width, height, channels } })
    .flatten({ background: backdrop ?? '#ffffff' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: flat, channels: info.channels === 1 ? (1 as const) : (3 as const) };
}

interface RawInfo extends Size {
  channels: 1 | 2 | 3 | 4;
}

interface Decoded {
  data: Buffer;
  info: RawInfo;
}

/**
 * Scales to at most {@link HASH_SIDE_PIXELS} pixels a side. Each field
 * is the mean of up to 4 × 4 pixels, on the background if there is one.
 */
function tiny(
  pixels: Buffer,
  { width, height, channels }: { width: number; height: number; channels: number },
  backdrop: string | null,
) {
  const scale = Math.min(1, HASH_SIDE_PIXELS / Math.max(width, height));
  const wide = Math.max(1, Math.round(width * scale));
  const high = Math.max(1, Math.round(height * scale));
  const ground = backdrop === null ? null : Number.parseInt(backdrop.slice(3, 5), 16);
  const grey = channels < 3;
  const alphaAt = channels === 2 || channels === 4 ? channels - 1 : null;
  const rgba = new Uint8Array(wide * high * 4);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const sum = [0, 0, 0, 0];
      for (let i = 0; i < 16; i++) {
        const column = Math.floor(((x + ((i & 3) + 0.5) / 4) * width) / wide);
        const row = Math.floor(((y + ((i >> 2) + 0.5) / 4) * height) / high);
        const at = (row * width + column) * channels;
        const alpha = alphaAt === null ? 255 : (pixels[at + alphaAt] ?? 255);
        for (let c = 0; c < 3; c++) {
          const value = pixels[at + (grey ? 0 : c)] ?? 0;
          sum[c] = (sum[c] ?? 0) + (ground === null ? value : (value * alpha + ground * (255 - alpha)) / 255);
        }
        sum[3] = (sum[3] ?? 0) + (ground === null ? alpha : 255);
      }
      rgba.set(
        sum.map((value) => Math.round(value / 16)),
        (y * wide + x) * 4,
      );
    }
  }
  return { width: wide, height: high, rgba };
}
