import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSemaphore } from '../../util/semaphore.ts';
import { runFfmpeg, type FfmpegLimits } from './run.ts';
import { SPECIMEN_MP4 } from './specimen.ts';

/** The containers of inputs. ffmpeg is told one and never guesses. */
export type Demuxer = 'mov' | 'matroska' | 'gif' | 'apng';

/**
 * An input: its container, its file (absolute, or in the working folder), and the options before
 * it.
 */
export interface FfmpegInput {
  demuxer: Demuxer;
  path: string;
  options?: readonly string[];
}

/** Arguments, in groups where that reads better. */
export type FfmpegArgs = readonly (string | readonly string[])[];

export interface Ffmpeg {
  /**
   * Runs ffmpeg on one or more inputs and returns its standard error. Errors: {@link FfmpegError}.
   *
   * @param args the arguments after the inputs: maps, filters, codecs, outputs (names in the
   *   working folder)
   *
   * @example
   * await ffmpeg.run([{ demuxer: 'mov', path: source }], ['-frames:v', '1', 'first.png'], { cwd });
   */
  run(
    inputs: readonly FfmpegInput[],
    args: FfmpegArgs,
    options: {
      cwd: string;
      limits?: Partial<FfmpegLimits>;
      signal?: AbortSignal | undefined;
      /** Receives the output on `pipe:1`. */
      onOutput?: (chunk: string) => void;
      /** Work nobody waits for. One such run at a time, beside the runs that people wait for. */
      background?: boolean;
    },
  ): Promise<string>;
  /**
   * Tells whether ffmpeg decodes and encodes a valid video. Use it to tell a damaged file from a
   * broken ffmpeg.
   *
   * @param cwd a working folder
   */
  works(cwd: string): Promise<boolean>;
}

/** Decoders for the output of browsers and cameras. A file cannot reach the rest of ffmpeg. */
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

/** Concurrent children that people wait for; background work has one place of its own. */
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
 * Allows only files and pipes: no address inside a file can make ffmpeg open the network. Uses one
 * decoding thread. A second costs memory and gains nothing on two cores while others wait.
 */
const inputArgs =
  (cwd: string) =>
  ({ demuxer, path, options = [] }: FfmpegInput): string[] =>
    [
      ['-protocol_whitelist', 'file,pipe', '-codec_whitelist', DECODERS, '-threads', '1'],
      options,
      ['-f', demuxer, '-i', `file:${join(path.startsWith('/') ? '' : cwd, path)}`],
    ].flat();
