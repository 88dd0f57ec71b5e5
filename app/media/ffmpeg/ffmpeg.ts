import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSemaphore } from '../../util/semaphore.ts';
import { runFfmpeg, type FfmpegLimits } from './run.ts';
import { SPECIMEN_MP4 } from './specimen.ts';

/** Containers ffmpeg is told to read a file as; it never guesses. */
export type Demuxer = 'mov' | 'matroska' | 'gif' | 'apng';

/** An input: which container, which file of the working folder or absolute, and options before it. */
export interface FfmpegInput {
  demuxer: Demuxer;
  path: string;
  options?: readonly string[];
}

/** Arguments, in groups where that reads better. */
export type FfmpegArgs = readonly (string | readonly string[])[];

export interface Ffmpeg {
  /**
   * Runs ffmpeg on one or more inputs and answers its standard error. Errors: FfmpegError.
   * @param args what follows the inputs: maps, filters, codecs, outputs (names in the working folder)
   */
  run(
    inputs: readonly FfmpegInput[],
    args: FfmpegArgs,
    options: {
      cwd: string;
      limits?: Partial<FfmpegLimits>;
      signal?: AbortSignal | undefined;
      /** Takes what the run writes to `pipe:1`. */
      onOutput?: (chunk: string) => void;
      /** Work nobody waits for: one at a time, beside and not before what people wait for. */
      background?: boolean;
    },
  ): Promise<string>;
  /**
   * Whether it decodes and encodes a known good video: tells a damaged file from an ffmpeg that is broken.
   * @param cwd a working folder
   */
  works(cwd: string): Promise<boolean>;
}

/** Decoders of what browsers and cameras write; everything else in ffmpeg stays out of reach of a file. */
const DECODERS = [
  [
    'h264',
    'hevc',
    'libdav1d',
    'libaom-av1',
    'av1',
    'vp8',
    'vp9',
    'libvpx',
    'libvpx-vp9',
    'mpeg4',
    'mjpeg',
    'prores',
  ],
  ['aac', 'mp3', 'mp3float', 'opus', 'libopus', 'vorbis', 'libvorbis', 'ac3', 'eac3', 'alac', 'flac'],
  ['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s24be', 'pcm_f32le', 'pcm_mulaw', 'pcm_alaw', 'adpcm_ima_qt'],
  ['amrnb', 'amrwb', 'h263', 'gif', 'apng', 'png', 'wrapped_avframe', 'rawvideo'],
]
  .flat()
  .join(',');

const DEFAULT_LIMITS: FfmpegLimits = { timeoutMs: 30_000, cpuSeconds: 30, memoryMb: 1200, fileMb: 512 };

/** Children at once that people wait for; what nobody waits for has one place of its own. */
const FOREGROUND = 1;

export function createFfmpeg(command: string): Ffmpeg {
  const slots = { foreground: createSemaphore(FOREGROUND), background: createSemaphore(1) };
  return {
    run: (inputs, args, { cwd, limits, signal, onOutput, background = false }) =>
      slots[background ? 'background' : 'foreground'].run(1, () =>
        runFfmpeg({
          command,
          args: ['-loglevel', 'error', ...inputs.flatMap(inputArgs(cwd)), '-y', ...args.flat()],
          cwd,
          limits: { ...DEFAULT_LIMITS, ...limits },
          signal,
          onOutput,
        }),
      ),
    works: (cwd) =>
      readsSpecimen(command, cwd).then(
        () => true,
        () => false,
      ),
  };
}

async function readsSpecimen(command: string, cwd: string): Promise<void> {
  const path = join(cwd, `${randomUUID()}-specimen.mp4`);
  await writeFile(path, SPECIMEN_MP4, { flag: 'wx' });
  const input = inputArgs(cwd)({ demuxer: 'mov', path });
  await runFfmpeg({
    command,
    args: ['-loglevel', 'error', ...input, '-map', '0:V:0', '-c:v', 'libx264', '-f', 'framecrc', 'pipe:1'],
    cwd,
    limits: { ...DEFAULT_LIMITS, timeoutMs: 5000 },
  }).finally(() => rm(path, { force: true }));
}

/**
 * Only files and pipes: no address inside a file can make ffmpeg open the network. One decoding thread: a second
 * costs memory and gains a server of two cores nothing while others wait.
 */
const inputArgs =
  (cwd: string) =>
  ({ demuxer, path, options = [] }: FfmpegInput): string[] =>
    [
      ['-protocol_whitelist', 'file,pipe', '-codec_whitelist', DECODERS, '-threads', '1'],
      options,
      ['-f', demuxer, '-i', `file:${join(path.startsWith('/') ? '' : cwd, path)}`],
    ].flat();
