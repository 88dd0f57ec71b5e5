import { FORMATS, type VideoFormat } from '../formats/sniff.ts';

/** Returns the container of a stored video by its content type. */
export function videoFormatOf(mime: string): VideoFormat {
  const found = (['mp4', 'mov', 'webm'] as const).find((format) => FORMATS[format].mime === mime);
  if (!found) throw new Error(`not a video: ${mime}`);
  return found;
}
