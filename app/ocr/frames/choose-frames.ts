/** Side of the square thumbnails that frames are compared by, pixels. */
export const THUMBNAIL_SIDE_PX = 48;
/** Share of the pixels that the comparison uses. A new caption changes few pixels, but by much. */
const COMPARED_PIXEL_SHARE = 0.03;
/** Smallest mean difference of those pixels, of 255, between frames with different content. */
const MIN_DIFFERENCE = 20;

/**
 * Chooses the frames to read: the last frame first, then always the frame least like the chosen
 * ones.
 *
 * The last frame comes first because finished captions stay there. The choice ends at `max` frames,
 * or when every other frame resembles a chosen one. Time is linear in the number of frames.
 *
 * @param thumbnails - grey images of one size, in order of time
 * @param max - largest number of frames
 * @returns frame indexes in order of time
 */
export function chooseFrames(thumbnails: readonly Uint8Array[], max: number): number[] {
  if (thumbnails.length === 0 || max < 1) return [];
  const chosen = [thumbnails.length - 1];
  const nearest = thumbnails.map(() => Infinity);
  while (chosen.length < max) {
    const latest = thumbnails[chosen.at(-1) ?? 0];
    let farthest = -1;
    let most = MIN_DIFFERENCE;
    thumbnails.forEach((thumbnail, index) => {
      const distance = latest === undefined ? 0 : frameDifference(thumbnail, latest);
      const least = Math.min(nearest[index] ?? 0, distance);
      nearest[index] = least;
      if (least >= most) [farthest, most] = [index, least];
    });
    if (farthest < 0) break;
    chosen.push(farthest);
  }
  return chosen.sort((a, b) => a - b);
}

/** Computes the mean difference of the pixels that differ most, 0–255. */
export function frameDifference(a: Uint8Array, b: Uint8Array): number {
  const histogram = new Uint32Array(256);
  for (let at = 0; at < a.length; at += 1) {
    const step = Math.abs((a[at] ?? 0) - (b[at] ?? 0));
    histogram[step] = (histogram[step] ?? 0) + 1;
  }
  const wanted = Math.max(1, Math.round(a.length * COMPARED_PIXEL_SHARE));
  let left = wanted;
  let sum = 0;
  for (let step = 255; step > 0 && left > 0; step -= 1) {
    const count = Math.min(left, histogram[step] ?? 0);
    sum += count * step;
    left -= count;
  }
  return sum / wanted;
}
