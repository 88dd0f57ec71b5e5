import { join } from 'node:path';
import type { Semaphore } from '../../util/semaphore.ts';
import { isPermanent } from '../fault.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import { firstShownFrame, sampleFrames, type Picture } from '../formats/browser-view.ts';
import { isMissingFile, openPicture } from '../formats/image.ts';
import { screenFor } from '../formats/screen.ts';
import { demuxerOf, lookOf } from '../formats/video-look.ts';
import { MAX_DECODE_BYTES } from '../media.limits.ts';
import { videoFormatOf } from '../stages/video-format.ts';
import { brightnessOf, perceptualHashes, type RawPixels } from './perceptual-hash.shared.ts';

/** The perceptual hashes of an item, by frame. A flat frame has none and is not listed. */
export type Fingerprint = readonly (readonly Uint8Array[])[];

/** Places of the compared frames, as shares of the length. Both ends may be black. */
const PLACES = [0.1, 0.35, 0.6, 0.85];
/** Latest compared position in seconds, so that a long video is not read far. */
const LATEST_S = 120;
/** Longest side of a frame in pixels: a field of the hash is the mean of 64 of them. */
const SIDE_PIXELS = 512;

export interface FingerprintDeps {
  ffmpeg: Ffmpeg | null;
  decoding: Semaphore;
}

/** The stored original of an item, and what tells how to decode it. */
export interface FingerprintSource extends Picture {
  kind: 'image' | 'animation' | 'video';
  durationMs: number;
}

export const fingerprintOf = (frames: readonly RawPixels[]): Fingerprint =>
  frames.map((frame) => perceptualHashes(brightnessOf(frame))).filter((hashes) => hashes.length > 0);

/** Decodes a picture that sharp opens, upright and small. */
export async function framePixels(path: string, page?: number): Promise<RawPixels> {
  const { data, info } = await openPicture(path, page)
    .autoOrient()
    .resize({ width: SIDE_PIXELS, height: SIDE_PIXELS, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/**
 * Decodes an item and returns its fingerprint: of a picture, or of several frames. Nothing comes of
 * a file that cannot be decoded.
 *
 * Errors: those of the server, after which it is tried again.
 *
 * @param folder for temporary files
 */
export async function readFingerprint(
  deps: FingerprintDeps,
  source: FingerprintSource,
  folder: string,
  signal: AbortSignal,
): Promise<Fingerprint> {
  try {
    return await deps.decoding.run(
      MAX_DECODE_BYTES,
      async () => fingerprintOf(await framesOf(deps, source, folder, signal)),
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (isPermanent(error)) return [];
    throw error;
  }
}

async function framesOf(
  { ffmpeg }: FingerprintDeps,
  source: FingerprintSource,
  folder: string,
  signal: AbortSignal,
): Promise<RawPixels[]> {
  if (source.kind === 'video') return ffmpeg ? videoFrames(ffmpeg, source, folder, signal) : [];
  if (source.kind === 'image')
    return [await framePixels(await firstShownFrame(source, { ffmpeg, folder, signal }))];
  const sampled = await sampleFrames(source, { ffmpeg, folder, signal });
  if (sampled) {
    const chosen = indexesOf(sampled.length).flatMap((i) => sampled[i] ?? []);
    return Promise.all(chosen.map((path) => framePixels(path)));
  }
  const { pages = 1 } = await openPicture(source.path).metadata();
  const frames: RawPixels[] = [];
  for (const page of indexesOf(pages)) {
    signal.throwIfAborted();
    frames.push(await framePixels(source.path, page));
  }
  return frames;
}

/** Returns the indexes of the compared frames, each once. */
const indexesOf = (count: number): number[] => [
  ...new Set(PLACES.map((place) => Math.min(count - 1, Math.floor(place * count)))),
];

async function videoFrames(
  ffmpeg: Ffmpeg,
  { path, mime, durationMs }: FingerprintSource,
  cwd: string,
  signal: AbortSignal,
): Promise<RawPixels[]> {
  const format = videoFormatOf(mime);
  const look = await lookOf(ffmpeg, { path, format, cwd, signal });
  const { decoder, toPicture } = await screenFor(look, cwd);
  const fit = `scale='min(${SIDE_PIXELS},iw*sar)':'min(${SIDE_PIXELS},ih)':force_original_aspect_ratio=decrease,${toPicture}setsar=1`;
  const frames: RawPixels[] = [];
  for (const [i, place] of PLACES.entries()) {
    const seconds = Math.min((durationMs / 1000) * place, LATEST_S).toFixed(3);
    const name = `fingerprint-${i}.png`;
    const input = { demuxer: demuxerOf(format), path, options: [...decoder, '-ss', seconds] };
    const output = ['-map', '0:V:0', '-frames:v', '1', '-vf', fit, '-update', '1', `file:${name}`];
    await ffmpeg.run([input], output, { cwd, signal });
    // Past the last frame, ffmpeg succeeds and writes nothing.
    const frame = await framePixels(join(cwd, name)).catch((error: unknown) => {
      if (isMissingFile(error)) return null;
      throw error;
    });
    if (frame) frames.push(frame);
  }
  return frames;
}
