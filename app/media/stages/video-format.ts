import { formatOf, isVideo, type VideoFormat } from '../formats/formats.limits.ts';

/** Returns the container of a stored video by its content type. */
export function videoFormatOf(mime: string): VideoFormat {
  const found = formatOf(mime);
  if (found === undefined || !isVideo(found)) throw new Error(`not a video: ${mime}`);
  return found;
}
