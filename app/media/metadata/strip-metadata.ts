import type { Format } from '../formats/formats.limits.ts';
import type { AvifSequence } from './avif-sequence.ts';
import { cleanAvif } from './avif.ts';
import { cleanGif } from './gif.ts';
import { checkHeic } from './heic-structure.ts';
import { cleanJpeg } from './jpeg.ts';
import { cleanMp4 } from './mp4.ts';
import { isWhole, lengthOf, withSource, writePieces, type ByteSource, type Piece } from './byte-ranges.ts';
import { cleanPng, type PngInfo } from './png.ts';
import { checkWebm } from './webm.ts';
import { cleanWebp } from './webp.ts';

export interface StrippedFile {
  /** Path of the stripped file: the input itself if it had no metadata. */
  path: string;
  byteSize: number;
  png?: PngInfo;
  /** Set for an animated AVIF. */
  sequence?: AvifSequence;
  /** Only a new container removes everything: WebM always, MP4 and MOV with data tracks. */
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
  // libheif writes a new file without metadata; here only the structure is checked.
  heic: async (source) => {
    await checkHeic(source);
    return { pieces: [{ start: 0, end: source.size }] };
  },
  mp4: planMp4,
  mov: planMp4,
  webm: async (source) => {
    await checkWebm(source);
    return { pieces: [{ start: 0, end: source.size }], remux: true };
  },
} satisfies Record<Format, (source: ByteSource) => Promise<Plan>>;

async function planMp4(source: ByteSource): Promise<Plan> {
  const { pieces, dataTracks } = await cleanMp4(source);
  return { pieces, remux: dataTracks };
}

/**
 * Removes metadata that describes the photographer, not the picture: places, times, devices, names,
 * comments, and appended data. Pixels, samples and colour profiles stay bit for bit. Reads only
 * headers into memory.
 *
 * @param target path for a changed file
 * @throws MalformedFile if the structure is damaged or truncated
 */
export function stripMetadata(path: string, format: Format, target: string): Promise<StrippedFile> {
  return withSource(path, async (source) => {
    const { pieces, png, sequence, remux = false }: Plan = await PLANS[format](source);
    const rest = { remux, ...(png && { png }), ...(sequence && { sequence }) };
    if (isWhole(pieces, source.size)) return { path, byteSize: source.size, ...rest };
    await writePieces(source, pieces, target);
    return { path: target, byteSize: lengthOf(pieces), ...rest };
  });
}
