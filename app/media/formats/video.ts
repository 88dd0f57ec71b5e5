import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../../http/errors.ts';
import { FfmpegError } from '../ffmpeg/run.ts';
import { faultOf, isPermanent } from '../fault.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { framecrcReader, type ListedStream } from './framecrc.ts';
import { FORMATS, type VideoFormat } from './formats.limits.ts';
import { demuxerOf, describing, DESCRIPTION, readLook, type Look } from './video-look.ts';

/** Maximum duration: an hour. */
const MAX_DURATION_MS = 3_600_000;
/** Largest frame: 4096 × 2304, the practical maximum of phones. */
const MAX_FRAME_PIXELS = 4096 * 2304;
/** Allowed difference between the durations of a copy and its source. */
export const DURATION_SLACK_MS = 2000;

export interface VideoProbe extends Look {
  /** As shown: after rotation and with square pixels. */
  width: number;
  height: number;
  durationMs: number;
  hasAudio: boolean;
  videoCodec: string;
  /** Whether its frames have 8 bits and 4:2:0 subsampling, which every browser decodes. */
  isPlain420: boolean;
  audioCodec: string | null;
}

/**
 * Options of the listing: decodes the first frame, then lists every packet of pictures and sound.
 */
const LISTING_ARGS = [
  ['-map', '0:V:0', '-map', '1:V:0', '-map', '1:a:0?'],
  ['-c', 'copy', '-c:v:0', 'rawvideo', '-f', 'framecrc', 'pipe:1'],
] as const;

/**
 * Probes a video: decodes its first frame and lists every packet without decoding, in one child.
 * The measurements come from the decoded frame and the packets, never from the header. Errors:
 * `broken_file`, `unsupported_type` (no pictures in it), `too_many_pixels`, `too_long`,
 * `unavailable`.
 */
export async function probeVideo(
  ffmpeg: Ffmpeg,
  path: string,
  format: VideoFormat,
  cwd: string,
): Promise<VideoProbe> {
  const demuxer = demuxerOf(format);
  const first = { demuxer, path, options: ['-t', '0.01'] };
  const listing = framecrcReader();
  const description = `${randomUUID()}-${DESCRIPTION}`;
  await ffmpeg
    .run([first, { demuxer, path }], [...LISTING_ARGS, ...describing('1:V:0', description)], {
      cwd,
      onOutput: listing.write,
    })
    .catch(async (error: unknown) => {
      if (await isSoundOnly(ffmpeg, path, format, cwd)) throw noPictures(error);
      return refuse(ffmpeg, error, cwd);
    });
  return probeOf(listing.streams(), await readLook(join(cwd, description)));
}

const noPictures = (cause: unknown) =>
  new AppError('unsupported_type', 'The file has sound only. Upload pictures and videos.', {
    cause,
  });

async function isSoundOnly(ffmpeg: Ffmpeg, path: string, format: VideoFormat, cwd: string): Promise<boolean> {
  const listing = framecrcReader();
  const args = ['-map', '0:V:0?', '-map', '0:a:0?', '-c', 'copy', '-t', '0', '-f', 'framecrc', 'pipe:1'];
  try {
    await ffmpeg.run([{ demuxer: demuxerOf(format), path }], args, { cwd, onOutput: listing.write });
  } catch (error) {
    if (error instanceof FfmpegError) return false;
    throw error;
  }
  const types = new Set(listing.streams().map((stream) => stream?.mediaType));
  return types.has('audio') && !types.has('video');
}

/**
 * Throws for a video that ffmpeg refuses. A file that ffmpeg refuses, crashes on or hangs on is
 * broken, if ffmpeg still handles a valid one. Otherwise the fault is the server's, and the file
 * may be tried again.
 */
async function refuse(ffmpeg: Ffmpeg, error: unknown, cwd: string): Promise<never> {
  if (!(error instanceof FfmpegError)) throw error;
  if (faultOf(error) === 'server' || !(await ffmpeg.works(cwd))) {
    throw new AppError('unavailable', 'Videos cannot be processed at the moment. Try again later.', {
      cause: error,
    });
  }
  throw brokenVideo(error);
}

export const brokenVideo = (cause: unknown) =>
  new AppError('broken_file', 'The file is damaged or incomplete: it cannot be played as a video.', {
    cause,
  });

function probeOf([frame, video, audio]: readonly (ListedStream | undefined)[], look: Look): VideoProbe {
  if (!frame || !video || frame.packets === 0 || video.packets === 0 || frame.width === 0)
    throw brokenVideo(new Error('no frame'));
  const { width, height, pixelAspect } = frame;
  const sar = pixelAspect > 0.05 && pixelAspect < 20 ? pixelAspect : 1;
  const wide = Math.max(1, Math.round(width * sar));
  if (wide * height > MAX_FRAME_PIXELS) {
    throw new AppError('too_many_pixels', 'The video is larger than 4096 × 2304 pixels.');
  }
  const durationMs = Math.round(1000 * Math.max(video.seconds, audio?.seconds ?? 0));
  if (durationMs > MAX_DURATION_MS) throw new AppError('too_long', 'The video is longer than an hour.');
  return {
    width: wide,
    height,
    durationMs,
    hasAudio: audio !== undefined,
    videoCodec: video.codec,
    isPlain420: frame.firstPacketBytes === plain420Bytes(width, height),
    audioCodec: audio?.codec ?? null,
    ...look,
  };
}

/**
 * Returns the bytes of a decoded frame of 8 bits with 4:2:0 subsampling. No other video layout
 * needs as few.
 */
const plain420Bytes = (width: number, height: number): number =>
  width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);

/**
 * Tells whether every current browser plays the original. In MP4 these are H.264 of 8 bits with AAC
 * or MP3, VP9 and AV1. In WebM they are VP8, VP9 and AV1.
 * https://developer.mozilla.org/en-US/docs/Web/Media/Guides/Formats
 */
export function playsEverywhere(format: VideoFormat, probe: VideoProbe): boolean {
  const { plays } = FORMATS[format];
  if (plays === 'never' || probe.range !== 'sdr') return false;
  if (plays === 'always') return true;
  const video = ['h264', 'vp9', 'av1'].includes(probe.videoCodec) && probe.isPlain420;
  return video && (probe.audioCodec === null || ['aac', 'mp3', 'opus', 'flac'].includes(probe.audioCodec));
}

/** Tells whether the streams only need another container: H.264 with AAC or MP3 from a MOV. */
export const onlyNeedsMp4 = ({ videoCodec, isPlain420, range, audioCodec }: VideoProbe): boolean =>
  videoCodec === 'h264' &&
  isPlain420 &&
  range === 'sdr' &&
  (audioCodec === null || audioCodec === 'aac' || audioCodec === 'mp3');

/**
 * Copies pictures and sound into a new container of the same kind. Drops tags, chapters and data
 * tracks.
 */
export async function remux(
  ffmpeg: Ffmpeg,
  { path, format, hasAlpha }: { path: string; format: VideoFormat; hasAlpha: boolean },
  target: string,
  cwd: string,
): Promise<void> {
  const copyTo = (muxer: readonly string[]) =>
    ffmpeg.run(
      [{ demuxer: demuxerOf(format), path }],
      [
        ['-map', '0:V', '-map', '0:a?', '-c', 'copy', '-map_metadata', '-1', '-map_chapters', '-1'],
        // To ffmpeg, the field that announces transparency in a WebM is a tag.
        hasAlpha ? ['-metadata:s:v:0', 'alpha_mode=1'] : [],
        ['-fflags', '+bitexact', ...muxer, `file:${target}`],
      ],
      { cwd },
    );
  const { muxer } = FORMATS[format];
  await copyTo(muxer)
    .catch((error: unknown) => {
      if (format !== 'mp4' || !isPermanent(error)) throw error;
      // H.263, AMR and plain samples, which phones put into MP4, fit only ffmpeg's MOV.
      return copyTo([...FORMATS.mov.muxer, '-brand', 'isom']);
    })
    .catch((error: unknown) => refuse(ffmpeg, error, cwd));
}
