import { frameDelayMs } from '../formats/frame-delay.ts';
import { MalformedFile, readExactly, type ByteSource, type Patch } from './byte-ranges.ts';
import { boxes, type IsoBox } from './iso-bmff.ts';

/** The animation of an AVIF, by its first picture track. */
export interface AvifSequence {
  width: number;
  height: number;
  frames: number;
  durationMs: number;
}

interface Track {
  handler: string;
  width: number;
  height: number;
  timescale: number;
  /** Runs of frames of one length, in units of the time scale. */
  runs: { frames: number; length: number }[];
}

/** Maximum size of a table of frame lengths: a larger one has more runs than the allowed frames. */
const MAX_TABLE_BYTES = 8 * 18_000 + 8;
/**
 * Boxes with creation and modification times, directly after version and flags (ISO/IEC 14496-12
 * §8.2.2).
 */
const TIMED = new Set(['mvhd', 'tkhd', 'mdhd']);
const DESCRIPTIVE = new Set(['udta', 'meta', 'uuid']);

/**
 * Reads the `moov` box of an AVIF image sequence (ISO/IEC 23008-12 §7). Collects patches for times
 * and descriptive boxes. Returns `null` without a picture track.
 */
export async function readSequence(
  source: ByteSource,
  moov: IsoBox,
): Promise<{ sequence: AvifSequence | null; patches: Patch[] }> {
  const patches: Patch[] = [];
  const tracks: Track[] = [];
  for await (const part of boxes(source, moov.payload, moov.end)) {
    patches.push(...(await blanked(source, part)));
    if (part.type === 'trak') tracks.push(await readTrack(source, part, patches));
  }
  const shown = tracks.find(({ handler }) => handler === 'pict' || handler === 'vide');
  return { sequence: shown ? sequenceOf(shown) : null, patches };
}

async function readTrack(source: ByteSource, trak: IsoBox, patches: Patch[]): Promise<Track> {
  const track: Track = { handler: '', width: 0, height: 0, timescale: 1, runs: [] };
  const visit = async (parent: IsoBox): Promise<void> => {
    for await (const box of boxes(source, parent.payload, parent.end)) {
      patches.push(...(await blanked(source, box)));
      if (box.type === 'mdia' || box.type === 'minf' || box.type === 'stbl') await visit(box);
      if (box.type === 'tkhd') {
        // 16.16 fixed-point numbers, the last of the box.
        const size = await readExactly(source, box.end - 8, 8);
        track.width = size.readUInt16BE(0);
        track.height = size.readUInt16BE(4);
      }
      if (box.type === 'mdhd') {
        const long = (await readExactly(source, box.payload, 1))[0] === 1;
        track.timescale = (await readExactly(source, box.payload + (long ? 20 : 12), 4)).readUInt32BE();
      }
      if (box.type === 'hdlr')
        track.handler = (await readExactly(source, box.payload + 8, 4)).toString('latin1');
      if (box.type === 'stts') track.runs = await readRuns(source, box);
    }
  };
  await visit(trak);
  return track;
}

async function readRuns(source: ByteSource, { payload, end }: IsoBox): Promise<Track['runs']> {
  if (end - payload > MAX_TABLE_BYTES) throw new MalformedFile('a table of frame lengths of unlikely size');
  const table = await readExactly(source, payload, end - payload);
  const count = Math.min(table.readUInt32BE(4), Math.floor((table.length - 8) / 8));
  return Array.from({ length: count }, (_, run) => ({
    frames: table.readUInt32BE(8 + run * 8),
    length: table.readUInt32BE(12 + run * 8),
  }));
}

function sequenceOf({ width, height, timescale, runs }: Track): AvifSequence {
  const ms = (length: number) => frameDelayMs((length / Math.max(1, timescale)) * 1000);
  return {
    width,
    height,
    frames: runs.reduce((sum, run) => sum + run.frames, 0),
    durationMs: Math.round(runs.reduce((sum, run) => sum + run.frames * ms(run.length), 0)),
  };
}

async function blanked(source: ByteSource, { type, start, payload, end }: IsoBox): Promise<Patch[]> {
  if (DESCRIPTIVE.has(type)) {
    return [
      { start: start + 4, length: 4, bytes: Buffer.from('free') },
      { start: payload, length: end - payload },
    ];
  }
  if (!TIMED.has(type)) return [];
  const long = (await readExactly(source, payload, 1))[0] === 1;
  return [{ start: payload + 4, length: long ? 16 : 8 }];
}
