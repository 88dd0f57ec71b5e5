import { boxes, type IsoBox } from './iso-bmff.ts';
import { MalformedFile, patched, type ByteSource, type Patch, type Piece } from './byte-ranges.ts';

const setOf = (types: string): ReadonlySet<string> => new Set(types.split(' '));

/**
 * Boxes that playback needs, by their parent box (ISO/IEC 14496-12 table 1, QuickTime File Format).
 * Every other box is descriptive: user data, tags, XMP, a maker's boxes, times of a live stream
 * (`prft`, `emsg`). Players skip unknown boxes.
 */
const NEEDED: Readonly<Record<string, ReadonlySet<string>>> = {
  file: setOf('ftyp styp pdin moov moof mdat sidx ssix mfra'),
  moov: setOf('mvhd trak mvex iods cmov'),
  trak: setOf('tkhd edts mdia tref tapt clip load'),
  mdia: setOf('mdhd hdlr minf elng'),
  minf: setOf('vmhd smhd hmhd nmhd sthd gmhd dinf stbl hdlr'),
  dinf: setOf('dref'),
  stbl: setOf(
    'stsd stts ctts cslg stss stps stsc stsz stz2 stco co64 sdtp sbgp sgpd subs saiz saio stsh padb stdp',
  ),
  moof: setOf('mfhd traf'),
  traf: setOf('tfhd tfdt trun sdtp sbgp sgpd subs saiz saio senc'),
};
/** Free space, which may contain an editor's leftovers. */
const SPACE = setOf('free skip wide');
/** Boxes that begin with the times of creation and modification. */
const TIMED = setOf('mvhd tkhd mdhd');
/** Pictures and sound. Any other track (subtitles, timed metadata, time of day) may map a walk. */
const PLAYED_HANDLERS = setOf('vide soun auxv pict');

/**
 * Returns the pieces of an MP4 or MOV without descriptive data; coded bytes stay in place.
 *
 * Boxes become free space of the same size. Times, paths, and names of devices and programs become
 * zeros. `dataTracks` reports tracks other than pictures and sound, or compressed headers. Only
 * writing the file anew removes those.
 */
export async function cleanMp4(source: ByteSource): Promise<{ pieces: Piece[]; dataTracks: boolean }> {
  const patches: Patch[] = [];
  let dataTracks = false;
  let movie = false;

  /**
   * Collects patches for the boxes between two positions.
   *
   * @param handler of the track that contains the boxes
   */
  async function stripBoxes(parent: string, start: number, end: number, handler: string): Promise<void> {
    for await (const box of boxes(source, start, end)) {
      const { type, payload } = box;
      const within = type === 'mdia' ? await handlerOf(source, box) : handler;
      if (SPACE.has(type)) patches.push(zeros(payload, box.end));
      else if (!NEEDED[parent]?.has(type)) patches.push(...freed(box));
      else if (NEEDED[type]) await stripBoxes(type, payload, box.end, within);
      else patches.push(...(await stripLeaf(source, box, within)));
      movie ||= type === 'moov';
      dataTracks ||= type === 'cmov' || (type === 'mdia' && !PLAYED_HANDLERS.has(within));
    }
  }

  await stripBoxes('file', 0, source.size, '');
  if (!movie) throw new MalformedFile('no moov box');
  return {
    pieces: patched(
      source.size,
      patches.filter(({ length }) => length > 0),
    ),
    dataTracks,
  };
}

/** Turns a box into free space: type `free`, content zeros. */
const freed = ({ start, payload, end }: IsoBox): Patch[] => [
  { start: start + 4, length: 4, bytes: Buffer.from('free') },
  zeros(payload, end),
];

const zeros = (start: number, end: number): Patch => ({ start, length: Math.max(0, end - start) });

/**
 * Returns patches within a box that playback needs. Positions follow ISO/IEC 14496-12 §8 and
 * QuickTime's sample descriptions.
 */
async function stripLeaf(
  source: ByteSource,
  { type, payload, end }: IsoBox,
  handler: string,
): Promise<Patch[]> {
  if (TIMED.has(type)) {
    const version = (await source.read(payload, 1))[0] ?? 0;
    return [zeros(payload + 4, Math.min(end, payload + (version === 1 ? 20 : 12)))];
  }
  // After the handler type come its maker and its name, which name a device or a program.
  if (type === 'hdlr') return [zeros(payload + 12, end)];
  const patches: Patch[] = [];
  if (type === 'dref') {
    // Each entry is an address or an alias; the media lies in this file.
    for await (const entry of boxes(source, payload + 8, end))
      patches.push(zeros(entry.payload + 4, entry.end));
  } else if (type === 'stsd') {
    for await (const entry of boxes(source, payload + 8, end)) patches.push(...stripEntry(entry, handler));
  }
  return patches;
}

/** Length of a video sample description before its own boxes, without the header. */
const PICTURE_ENTRY_BYTES = 78;

/**
 * Blanks the maker of a coder and, for video, its name. They lie in QuickTime's descriptions and in
 * MP4's reserved bytes alike.
 */
function stripEntry({ payload, end }: IsoBox, handler: string): Patch[] {
  if (end - payload < 20) return [];
  const vendor = zeros(payload + 12, payload + 16);
  if (handler === 'soun' || end - payload < PICTURE_ENTRY_BYTES) return [vendor];
  return [vendor, zeros(payload + 42, payload + 74)];
}

/** Returns the media type of a track: the handler type of its `hdlr` (ISO/IEC 14496-12 §8.4.3). */
async function handlerOf(source: ByteSource, media: IsoBox): Promise<string> {
  for await (const box of boxes(source, media.payload, media.end))
    if (box.type === 'hdlr') return (await source.read(box.payload + 8, 4)).toString('latin1');
  return '';
}
