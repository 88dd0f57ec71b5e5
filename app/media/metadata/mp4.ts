import { boxes, type Box } from './iso-bmff.ts';
import { MalformedFile, patched, type ByteSource, type Patch, type Piece } from './byte-ranges.ts';

/** Boxes that describe and never decide how it plays: user data (QuickTime's ©xyz is a place), tags, XMP. */
const METADATA = new Set(['udta', 'meta', 'uuid']);
/** Tracks that are seen, heard or read, or only count time; others (GoPro's and Apple's timed metadata) may be a map of a walk. */
const HARMLESS_HANDLERS = new Set(['vide', 'soun', 'text', 'sbtl', 'subt', 'clcp', 'tmcd', 'auxv', 'pict']);

/**
 * An MP4 or MOV whose metadata boxes are turned into free space of the same size, so that nothing else moves and
 * every coded byte stays. `dataTracks` tells that there are also tracks of data, whose samples lie between the
 * pictures: those only go by writing the file anew.
 */
export async function cleanMp4(source: ByteSource): Promise<{ pieces: Piece[]; dataTracks: boolean }> {
  const patches: Patch[] = [];
  let dataTracks = false;
  let movie = false;
  for await (const box of boxes(source, 0, source.size)) {
    if (METADATA.has(box.type)) patches.push(...freed(box));
    if (box.type !== 'moov') continue;
    movie = true;
    for await (const part of boxes(source, box.payload, box.end)) {
      if (METADATA.has(part.type)) patches.push(...freed(part));
      if (part.type !== 'trak') continue;
      for await (const inner of boxes(source, part.payload, part.end)) {
        if (METADATA.has(inner.type)) patches.push(...freed(inner));
        if (inner.type === 'mdia') dataTracks ||= !HARMLESS_HANDLERS.has(await handlerOf(source, inner));
      }
    }
  }
  if (!movie) throw new MalformedFile('no moov box');
  return { pieces: patched(source.size, patches), dataTracks };
}

/** The type becomes `free`, the content zeros. */
function freed({ start, payload, end }: Box): Patch[] {
  return [
    { start: start + 4, length: 4, bytes: Buffer.from('free') },
    { start: payload, length: end - payload },
  ];
}

/** What kind of media a track holds: the handler type of its `hdlr` (ISO/IEC 14496-12 §8.4.3). */
async function handlerOf(source: ByteSource, media: Box): Promise<string> {
  for await (const box of boxes(source, media.payload, media.end)) {
    if (box.type === 'hdlr') return (await source.read(box.payload + 8, 4)).toString('latin1');
  }
  return '';
}
