import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../http/errors.ts';
import type { Semaphore } from '../util/semaphore.ts';
import { fingerprintOf, framePixels, type Fingerprint } from './alike/fingerprint.ts';
import type { Ffmpeg } from './ffmpeg/ffmpeg.ts';
import type { StrippedFile } from './metadata/strip-metadata.ts';
import type { MetadataStripper } from './metadata/metadata-stripper.ts';
import { heicToJpeg } from './formats/heic.ts';
import { firstShownFrame } from './formats/browser-view.ts';
import { brokenPicture, probeImage, probeSequence, type ImageProbe } from './formats/image.ts';
import { makeThumbnail, writeThumbnail } from './formats/thumbnail.ts';
import {
  FORMATS,
  isStored,
  isVideo,
  type ConvertedFormat,
  type StoredFormat,
  type VideoFormat,
} from './formats/formats.limits.ts';
import {
  brokenVideo,
  DURATION_SLACK_MS,
  playsEverywhere,
  probeVideo,
  remux,
  type VideoProbe,
} from './formats/video.ts';
import type { StageName } from './media.schema.ts';
import type { ObjectFile } from '../storage/objects.ts';
import type { SpooledFile } from './spool.ts';

export interface PrepareDeps {
  /** `null` if there is none: videos are refused. */
  ffmpeg: Ffmpeg | null;
  /** Bounds the memory of pictures being decoded, in bytes. */
  decoding: Semaphore;
  /** Strips metadata in worker threads. */
  stripper: MetadataStripper;
}

/** A file that is ready to store: its objects, its column values, and its pending stages. */
export interface Prepared {
  objects: readonly ObjectFile[];
  /** SHA-256 of the original as it is stored, in lower-case hex. */
  storedSha256: string;
  /** `null` if a job makes it. */
  fingerprint: Fingerprint | null;
  values: {
    kind: 'image' | 'animation' | 'video';
    mime: string;
    width: number;
    height: number;
    duration_ms: number | null;
    byte_size: number;
    has_audio: boolean;
    object_key: string;
    thumb_key: string | null;
    large_key: string | null;
    thumb_hash: string | null;
    thumb_recipe?: number;
    thumb_top: number | null;
    thumb_words_top: number | null;
  };
  done: readonly StageName[];
  todo: readonly StageName[];
}

type Received = Pick<SpooledFile, 'path' | 'originalName' | 'format' | 'sha256'>;

/**
 * Prepares a spooled file for storage: strips metadata, decodes, measures and, for a picture, makes
 * the thumbnail. Writes only into `folder`.
 *
 * Errors: `broken_file`, `unsupported_type`, `video_unsupported`, `too_many_pixels`,
 * `too_many_frames`, `too_complex`, `too_long`.
 */
export async function prepareFile(deps: PrepareDeps, file: Received, folder: string): Promise<Prepared> {
  const { format } = file;
  if (isVideo(format)) return prepareVideo(deps, file, format, folder);
  if (isStored(format)) return preparePicture(deps, file, format, folder);
  // Refuses a structure that would keep the converter busy.
  await deps.stripper.strip({ path: file.path, format, target: join(folder, 'checked') });
  const path = join(folder, 'converted');
  await CONVERTERS[format](file.path, path);
  return preparePicture(
    deps,
    { ...file, path, sha256: await sha256Of(path) },
    FORMATS[format].storedAs,
    folder,
  );
}

/** Writes the second path from the first, in the format of `storedAs`. */
const CONVERTERS = {
  heic: heicToJpeg,
} satisfies Record<ConvertedFormat, (source: string, target: string) => Promise<void>>;

type PictureFormat = Exclude<StoredFormat, VideoFormat>;

async function preparePicture(
  { stripper, decoding, ffmpeg }: PrepareDeps,
  file: Omit<Received, 'format'>,
  format: PictureFormat,
  folder: string,
): Promise<Prepared> {
  const stripped = await stripper.strip({ path: file.path, format, target: join(folder, 'clean') });
  const probe = await probePicture(stripped, format);
  const shown = { path: stripped.path, mime: probe.mime, animated: probe.kind === 'animation' };
  // An animated PNG whose first image is a frame is accepted without ffmpeg, too: sharp shows that
  // frame.
  const plain = ffmpeg === null && format === 'png' && stripped.png?.hidesDefault === false;
  const { thumbnail, fingerprint } = await decoding.run(probe.decodeBytes, async () => {
    const first = plain ? stripped.path : await firstShownFrame(shown, { ffmpeg, folder });
    const thumbnail = await makeThumbnail(first, null);
    // A job compares several frames of an animation.
    if (shown.animated) return { thumbnail, fingerprint: null };
    const whole = thumbnail.whole ?? (await framePixels(first).catch(brokenPicture));
    return { thumbnail, fingerprint: fingerprintOf([whole]) };
  });
  const original = objectOf(stripped.path, format, file.originalName);
  const thumb = await writeThumbnail(folder, thumbnail);
  return {
    objects: [original, ...thumb.objects],
    storedSha256: await storedHash(file, stripped.path),
    fingerprint,
    values: {
      kind: probe.kind,
      mime: probe.mime,
      width: probe.width,
      height: probe.height,
      duration_ms: probe.durationMs,
      byte_size: stripped.byteSize,
      has_audio: false,
      object_key: original.key,
      ...thumb.values,
    },
    done: ['thumbnail'],
    todo: probe.kind === 'animation' ? ['preview', 'text'] : ['text'],
  };
}

/**
 * Measures a picture. Sharp sees only the first frame of an animated PNG and cannot open an
 * animated AVIF. Their structure provides the rest.
 */
async function probePicture(
  { path, png, sequence }: StrippedFile,
  format: PictureFormat,
): Promise<ImageProbe> {
  if (sequence) return probeSequence(sequence);
  const probe = await probeImage(path, format);
  return png && png.durationMs !== null ? { ...probe, kind: 'animation', durationMs: png.durationMs } : probe;
}

async function prepareVideo(
  { stripper, ffmpeg }: PrepareDeps,
  file: Omit<Received, 'format'>,
  format: VideoFormat,
  folder: string,
): Promise<Prepared> {
  if (!ffmpeg) throw videoUnsupported();
  const stripped = await stripper.strip({ path: file.path, format, target: join(folder, 'clean') });
  let { path, byteSize } = stripped;
  // Checks the file as received: a truncated file must not become a shorter one that looks whole.
  const probe: VideoProbe = await probeVideo(ffmpeg, path, format, folder);
  if (stripped.remux) {
    path = join(folder, 'remuxed');
    const hasAlpha = probe.alphaDecoder !== null;
    await remux(ffmpeg, { path: stripped.path, format, hasAlpha }, path, folder);
    const copy = await probeVideo(ffmpeg, path, format, folder);
    // The original is deleted after this, so the copy has to be whole.
    if (Math.abs(copy.durationMs - probe.durationMs) > DURATION_SLACK_MS)
      throw brokenVideo(new Error(`the copy lasts ${copy.durationMs} ms instead of ${probe.durationMs}`));
    byteSize = (await stat(path)).size;
  }
  const original = objectOf(path, format, file.originalName);
  return {
    objects: [original],
    storedSha256: await storedHash(file, path),
    fingerprint: null,
    values: {
      kind: 'video',
      mime: FORMATS[format].mime,
      width: probe.width,
      height: probe.height,
      duration_ms: probe.durationMs,
      byte_size: byteSize,
      has_audio: probe.hasAudio,
      object_key: original.key,
      thumb_key: null,
      large_key: null,
      thumb_hash: null,
      thumb_top: null,
      thumb_words_top: null,
    },
    done: [],
    todo: playsEverywhere(format, probe) ? ['thumbnail', 'text'] : ['thumbnail', 'playback', 'text'],
  };
}

export const videoUnsupported = () =>
  new AppError(
    'video_unsupported',
    'Videos are not accepted: this server has no ffmpeg. Pictures and GIFs are.',
  );

/** Returns the hash of the stored file; that of the upload if nothing was removed. */
const storedHash = async ({ path, sha256 }: Omit<Received, 'format'>, stored: string): Promise<string> =>
  stored === path ? sha256 : sha256Of(stored);

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function objectOf(path: string, format: StoredFormat, downloadName: string): ObjectFile {
  const { mime, extension } = FORMATS[format];
  return { key: `${randomUUID()}.${extension}`, path, contentType: mime, downloadName };
}
