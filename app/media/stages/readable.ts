import { join } from 'node:path';
import type { Semaphore } from '../../util/semaphore.ts';
import { fullDecodeOf, writeSmaller } from '../formats/image.ts';
import type { StageInput } from './stages.service.ts';

/**
 * Most that decoding may take in the process that reads words, bytes. It is ended at 400 MB, has up to 330 MB of them when a
 * picture comes, and decodes without making smaller on the way, for it also looks at parts.
 */
const READER_DECODE_BYTES = 50_000_000;
/** Pixels of a smaller copy: ten times what the reader looks at in one piece. */
const COPY_PIXELS = 12_000_000;
/** Frames of a moving picture that are copied, and the pixels drawn to get to one: each frame is drawn on those before it. */
const COPY_FRAMES = 4;
const DRAWN_PIXELS = 1_000_000_000;
/** Nothing else is decoded meanwhile: the largest picture there is may be in work. */
const ANY_PICTURE_BYTES = 300_000_000;

/**
 * The files to read the words of a picture from: the picture itself where the reader can decode it in its memory, else smaller
 * copies in the folder, one a frame. Every accepted picture can be read: whoever raises a limit of `probeImage` measures this.
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
    await decoding.run(ANY_PICTURE_BYTES, () =>
      writeSmaller({ path: source, frame, hasAlpha }, target, size),
    );
    files.push(target);
  }
  return files;
}

/** Evenly over the animation, as far as it is drawn; the last of them, where what was written stays. */
function framesToCopy(frames: number, pixels: number): number[] {
  const last = Math.max(0, Math.min(frames, Math.floor(DRAWN_PIXELS / pixels)) - 1);
  const chosen = Array.from({ length: COPY_FRAMES }, (_, i) => Math.round((last * i) / (COPY_FRAMES - 1)));
  return [...new Set(chosen)];
}
