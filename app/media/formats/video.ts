import { AppError } from '../../http/errors.ts';
import { FfmpegError } from '../ffmpeg/run.ts';
import { faultOf } from '../fault.ts';
import type { Demuxer, Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { VideoFormat } from './sniff.ts';

/** Longest video: an hour. */
const MAX_DURATION_MS = 3_600_000;
/** Largest frame: 4096 × 2304, what phones film at most in practice. */
const MAX_FRAME_PIXELS = 4096 * 2304;
/** How much shorter the packets may be than the header says before the header counts as a lie. */
export const DURATION_SLACK_MS = 2000;

export interface VideoProbe {
  /** As shown: after rotation and with square pixels. */
  width: number;
  height: number;
  durationMs: number;
  hasAudio: boolean;
  videoCodec: string;
  pixelFormat: string;
  audioCodec: string | null;
}

export const demuxerOf = (format: VideoFormat): Demuxer => (format === 'webm' ? 'matroska' : 'mov');

/**
 * Reads a video: decodes its first frame and goes through every packet without decoding, in one child. What the
 * header claims counts only as far as the packets bear it out.
 * Errors: broken_file, unsupported_type (no pictures in it), too_many_pixels, too_long.
 */
export async function probeVideo(
  ffmpeg: Ffmpeg,
  path: string,
  format: VideoFormat,
  cwd: string,
): Promise<VideoProbe> {
  const demuxer = demuxerOf(format);
  const first = { demuxer, path, options: ['-t', '0.01'] };
  const report = await ffmpeg
    .run(
      [first, { demuxer, path }],
      [
        ['-map', '0:V:0', '-frames:v', '1', '-f', 'null', '-'],
        ['-map', '1:V:0', '-c', 'copy', '-f', 'null', '-'],
      ],
      { cwd, logLevel: 'info' },
    )
    .catch((error: unknown) => refuse(ffmpeg, error));
  return readReport(report);
}

/**
 * A file ffmpeg refuses is broken, and so is one that crashes it or makes it hang, as long as it does well without: else
 * the trouble is the server's own and the file may be tried again.
 */
async function refuse(ffmpeg: Ffmpeg, error: unknown): Promise<never> {
  if (!(error instanceof FfmpegError)) throw error;
  const fault = faultOf(error);
  if (fault === 'server' || (fault === 'crash' && !(await ffmpeg.works()))) {
    throw new AppError('unavailable', 'Videos cannot be opened on this server just now. Try again later.', {
      cause: error,
    });
  }
  if (/matches no streams/.test(error.message)) {
    throw new AppError(
      'unsupported_type',
      'There are no pictures in this file: sound alone cannot be kept here.',
      {
        cause: error,
      },
    );
  }
  throw broken(error);
}

const broken = (cause: unknown) =>
  new AppError('broken_file', 'The file is damaged or incomplete: it cannot be played as a video.', {
    cause,
  });

/** ffmpeg's own account of its first input and of what went through (fftools, libavformat/dump.c). */
export function readReport(report: string): VideoProbe {
  const input = report.slice(0, report.indexOf('Input #1'));
  const streams = input.split('\n');
  const at = streams.findIndex(
    (line) => /^\s*Stream #0:.*: Video: /.test(line) && !line.includes('(attached pic)'),
  );
  const line = streams[at] ?? '';
  const video = /: Video: (\w+).*?, (\w+)[(,].*?, (\d+)x(\d+)(?: \[SAR (\d+):(\d+))?/.exec(line);
  const frames = Number(/frame=\s*(\d+)(?![\s\S]*frame=)/.exec(report)?.[1] ?? 0);
  if (!video || frames === 0) throw broken(new Error(report.slice(-2000)));
  const [, videoCodec = '', pixelFormat = '', w, h, sarX = '1', sarY = '1'] = video;
  const sar = Number(sarX) > 0 && Number(sarY) > 0 ? Number(sarX) / Number(sarY) : 1;
  const wide = Math.max(1, Math.round(Number(w) * (sar > 0.05 && sar < 20 ? sar : 1)));
  const high = Number(h);
  if (wide * high > MAX_FRAME_PIXELS) {
    throw new AppError('too_many_pixels', 'The video is larger than 4096 × 2304 pixels.');
  }
  const turned = turnedQuarter(streams, at);
  const durationMs = durationOf(report, input);
  if (durationMs > MAX_DURATION_MS) throw new AppError('too_long', 'The video is longer than an hour.');
  const audio = /Stream #0:.*: Audio: (\w+)/.exec(input);
  return {
    width: turned ? high : wide,
    height: turned ? wide : high,
    durationMs,
    hasAudio: audio !== null,
    videoCodec,
    pixelFormat,
    audioCodec: audio?.[1] ?? null,
  };
}

/** Side data of the video stream stands on the lines after it, before the next stream. */
function turnedQuarter(lines: readonly string[], stream: number): boolean {
  const rest = lines.slice(stream + 1);
  const end = rest.findIndex((line) => /^\s*Stream #/.test(line));
  const sideData = rest.slice(0, end < 0 ? rest.length : end).join('\n');
  const degrees = Math.abs(Number(/rotation of (-?[\d.]+) degrees/.exec(sideData)?.[1] ?? 0));
  return Math.round(degrees / 90) % 2 === 1;
}

function durationOf(report: string, input: string): number {
  const claimed = clock(/Duration: (\d+:\d+:[\d.]+)/.exec(input)?.[1]);
  const passed = clock(/time=(\d+:\d+:[\d.]+)(?![\s\S]*time=)/.exec(report)?.[1]) ?? 0;
  const lies =
    claimed === null || claimed > passed + DURATION_SLACK_MS || claimed < passed - DURATION_SLACK_MS;
  return Math.round(lies ? passed : claimed);
}

/** `hh:mm:ss.ff` in milliseconds. */
function clock(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/**
 * Whether every browser of today plays the original: H.264 of 8 bits with AAC or MP3 in MP4, VP8, VP9 or AV1 in WebM, and
 * the latter two in MP4. https://developer.mozilla.org/en-US/docs/Web/Media/Guides/Formats
 */
export function playsEverywhere(format: VideoFormat, probe: VideoProbe): boolean {
  if (format === 'mov') return false;
  if (format === 'webm') return true;
  const video = ['h264', 'vp9', 'av1'].includes(probe.videoCodec) && /^yuvj?420p$/.test(probe.pixelFormat);
  return video && (probe.audioCodec === null || ['aac', 'mp3', 'opus', 'flac'].includes(probe.audioCodec));
}

/** Whether its streams only need another container: H.264 with AAC or MP3 out of a MOV. */
export const onlyNeedsMp4 = ({ videoCodec, pixelFormat, audioCodec }: VideoProbe): boolean =>
  videoCodec === 'h264' &&
  /^yuvj?420p$/.test(pixelFormat) &&
  (audioCodec === null || audioCodec === 'aac' || audioCodec === 'mp3');

/** Copies pictures and sound into a new container of the same kind; tags, chapters and tracks of data stay behind. */
export async function remux(
  ffmpeg: Ffmpeg,
  path: string,
  format: VideoFormat,
  target: string,
  cwd: string,
): Promise<void> {
  const muxer = { mp4: 'mp4', mov: 'mov', webm: 'webm' }[format];
  await ffmpeg
    .run(
      [{ demuxer: demuxerOf(format), path }],
      [
        ['-map', '0:V', '-map', '0:a?', '-c', 'copy', '-map_metadata', '-1', '-map_chapters', '-1'],
        ['-fflags', '+bitexact', '-f', muxer, `file:${target}`],
      ],
      { cwd },
    )
    .catch((error: unknown) => refuse(ffmpeg, error));
}
