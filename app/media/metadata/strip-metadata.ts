import type { Format } from '../formats/sniff.ts';
import type { AvifSequence } from './avif-sequence.ts';
import { cleanAvif } from './avif.ts';
import { cleanGif } from './gif.ts';
import { cleanJpeg } from './jpeg.ts';
import { cleanMp4 } from './mp4.ts';
import { isWhole, lengthOf, withSource, writePieces, type ByteSource, type Piece } from './byte-ranges.ts';
import { cleanPng, type PngInfo } from './png.ts';
import { checkWebm } from './webm.ts';
import { cleanWebp } from './webp.ts';

export interface StrippedFile {
  /** Where the file without metadata is: the given one when there was nothing to take out. */
  path: string;
  byteSize: number;
  png?: PngInfo;
  /** Of an animated AVIF. */
  sequence?: AvifSequence;
  /** Only writing the container anew takes everything out: WebM always, MP4 and MOV with tracks of data. */
  remux: boolean;
}

interface Plan {
  pieces: Piece[];
  png?: PngInfo;
  sequence?: AvifSequence;
  remux?: boolean;
}

const PLANS = {
  jpeg: async (source) => ({ pieces: await cleanJpeg(source) }),
  png: async (source) => {
    const { pieces, info } = await cleanPng(source);
    return { pieces, png: info };
  },
  webp: async (source) => ({ pieces: await cleanWebp(source) }),
  gif: async (source) => ({ pieces: (await cleanGif(source)).pieces }),
  avif: async (source) => {
    const { pieces, sequence } = await cleanAvif(source);
    return { pieces, ...(sequence && { sequence }) };
  },
  mp4: planMp4,
  mov: planMp4,
  webm: async (source) => {
    await checkWebm(source);
    return { pieces: [{ start: 0, end: source.size }], remux: true };
  },
} satisfies Record<Exclude<Format, 'heic'>, (source: ByteSource) => Promise<Plan>>;

async function planMp4(source: ByteSource): Promise<Plan> {
  const { pieces, dataTracks } = await cleanMp4(source);
  return { pieces, remux: dataTracks };
}

/**
 * Takes out what tells about the photographer rather than the picture: places, times, devices, names, comments, and
 * anything appended. Pixels, samples and colour profiles stay bit for bit. Only headers are read into memory.
 *
 * @param target where a changed file is written
 * @throws MalformedFile when the structure is damaged or cut short
 */
export function stripMetadata(
  path: string,
  format: Exclude<Format, 'heic'>,
  target: string,
): Promise<StrippedFile> {
  return withSource(path, async (source) => {
    const { pieces, png, sequence, remux = false }: Plan = await PLANS[format](source);
    const rest = { remux, ...(png && { png }), ...(sequence && { sequence }) };
    if (isWhole(pieces, source.size)) return { path, byteSize: source.size, ...rest };
    await writePieces(source, pieces, target);
    return { path: target, byteSize: lengthOf(pieces), ...rest };
  });
}
