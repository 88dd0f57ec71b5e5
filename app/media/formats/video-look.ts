import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Demuxer, Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { textAt, unsignedAt } from './ebml.ts';
import { FORMATS, type VideoFormat } from './formats.limits.ts';
import { transferOf, type HdrTransfer } from './hdr-light.ts';

/** Transfer of a video: BT.709 and similar, or one of the two curves of BT.2100. */
export type DynamicRange = 'sdr' | HdrTransfer;

/** Properties that decide how a frame is decoded for the screen. */
export interface Look {
  range: DynamicRange;
  /** The decoder that also yields the transparency; `null` for an opaque video. */
  alphaDecoder: 'libvpx' | 'libvpx-vp9' | null;
}

export const demuxerOf = (format: VideoFormat): Demuxer => FORMATS[format].demuxer;

/** Suffix of a description: a Matroska file whose header shows how ffmpeg understands a stream. */
export const DESCRIPTION = 'description.mkv';

/**
 * Returns the arguments of an output that describes a stream. Only its header matters, so it has
 * hardly any packets.
 */
export const describing = (stream: string, name: string): string[] => [
  '-map',
  stream,
  '-c',
  'copy',
  '-t',
  '0',
  '-f',
  'matroska',
  `file:${name}`,
];

/**
 * Describes the pictures of a stored video. Decodes only as much as ffmpeg needs to open it.
 * Errors: FfmpegError.
 */
export async function lookOf(
  ffmpeg: Ffmpeg,
  { path, format, cwd, signal }: { path: string; format: VideoFormat; cwd: string; signal?: AbortSignal },
): Promise<Look> {
  const name = `${randomUUID()}-${DESCRIPTION}`;
  const input = { demuxer: demuxerOf(format), path };
  await ffmpeg.run([input], describing('0:V:0', name), { cwd, signal });
  return readLook(join(cwd, name));
}

/** Ids of RFC 9559 §5.1: Segment, Tracks, TrackEntry, and the Video of the first track. */
const VIDEO = [0x18538067, 0x1654ae6b, 0xae, 0xe0] as const;
const ALPHA_MODE = 0x53c0;
const COLOUR = 0x55b0;
const TRANSFER = 0x55ba;
const CODEC_ID = [0x18538067, 0x1654ae6b, 0xae, 0x86] as const;
const ALPHA_DECODERS: Readonly<Record<string, Look['alphaDecoder']>> = {
  V_VP8: 'libvpx',
  V_VP9: 'libvpx-vp9',
};

/** Reads a description and removes it. */
export async function readLook(path: string): Promise<Look> {
  const bytes = await readFile(path);
  await rm(path);
  const transfer = unsignedAt(bytes, [...VIDEO, COLOUR, TRANSFER]) ?? 0;
  const hasAlpha = unsignedAt(bytes, [...VIDEO, ALPHA_MODE]) === 1;
  const codec = textAt(bytes, CODEC_ID) ?? '';
  return {
    range: transferOf(transfer) ?? 'sdr',
    alphaDecoder: hasAlpha ? (ALPHA_DECODERS[codec] ?? null) : null,
  };
}
