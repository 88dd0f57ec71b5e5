import { join } from 'node:path';
import type { Semaphore } from '../../util/semaphore.ts';
import { fullDecodeOf, writeSmaller } from '../formats/image.ts';
import { MAX_DECODE_BYTES } from '../media.limits.ts';
import type { StageInput } from './stages.service.ts';

/**
 * Decoding limit of the text recognition process in bytes. The process is ended at 400 MB and uses
 * up to 330 MB before a picture arrives. It decodes at full size, because it also examines parts.
 */
const READER_DECODE_BYTES = 50_000_000;
/** Pixels of a smaller copy: ten times those that the reader examines in one piece. */
const COPY_PIXELS = 12_000_000;
/**
 * Frames of an animation to copy, and pixels drawn to reach one: each frame is drawn on earlier
 * ones.
 */
const COPY_FRAMES = 4;
const DRAWN_PIXELS = 1_000_000_000;

/**
 * Returns the files for recognising the words of a picture. It is the picture itself if the reader
 * can decode it in its memory. Otherwise they are smaller copies in the folder, one a frame. Every
 * accepted picture can be read: raising a limit of `probeImage` needs a measurement here.
 */
export async function readableFiles(
  { decoding }: { decoding: Semaphore },
  { source, folder, signal }: Pick<StageInput, 'source' | 'folder' | 'signal'>,
): Promise<string[]> {
  const { width, height, frames, hasAlpha, bytes } = await fullDecodeOf(source);
  if (bytes <= READER_DECODE_BYTES) return [source];
  const scale = Math.min(1, Math.sqrt(COPY_PIXELS / (width * height)));
  const size = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const files: string[] = [];
  for (const frame of framesToCopy(frames, width * height)) {
    signal.throwIfAborted();
    const target = join(folder, `readable-${frame}`);
    // Nothing else is decoded meanwhile: the largest accepted picture may be in work.
    await decoding.run(MAX_DECODE_BYTES, () => writeSmaller({ path: source, frame, hasAlpha }, target, size));
    files.push(target);
  }
  return files;
}

/**
 * Spreads frames evenly over the drawable animation. The last frame is included, where text stays.
 */
function framesToCopy(frames: number, pixels: number): number[] {
  const last = Math.max(0, Math.min(frames, Math.floor(DRAWN_PIXELS / pixels)) - 1);
  const chosen = Array.from({ length: COPY_FRAMES }, (_, i) => Math.round((last * i) / (COPY_FRAMES - 1)));
  return [...new Set(chosen)];
}
