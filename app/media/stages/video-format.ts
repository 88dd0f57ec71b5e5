import { FORMAT_NAMES, FORMATS, isVideo, type VideoFormat } from '../formats/formats.limits.ts';

/** Returns the container of a stored video by its content type. */
export function videoFormatOf(mime: string): VideoFormat {
  const found = FORMAT_NAMES.filter(isVideo).find((format) => FORMATS[format].mime === mime);
  if (!found) throw new Error(`not a video: ${mime}`);
  return found;
}
