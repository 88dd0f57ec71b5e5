/** Decides which file of one meme is the best. */
export interface ComparedFile {
  kind: string;
  mime: string;
  /** In pixels. */
  width: number;
  height: number;
  byteSize: number;
}

/** Formats of stored files, the one that loses least first. */
const FORMATS_BY_LOSS = [
  'image/png',
  'image/avif',
  'image/webp',
  'video/mp4',
  'video/webm',
  'image/jpeg',
  'video/quicktime',
  'image/gif',
];

/**
 * Compares two files of one meme. A moving picture is better than a still. Then more pixels, the
 * format that loses less, and more bytes decide, in this order. Negative if `one` is better, 0 if
 * neither is.
 */
export const compareFiles = (one: ComparedFile, other: ComparedFile): number =>
  stillness(one) - stillness(other) ||
  pixels(other) - pixels(one) ||
  loss(one) - loss(other) ||
  other.byteSize - one.byteSize;

const stillness = ({ kind }: ComparedFile): number => Number(kind === 'image');
const pixels = ({ width, height }: ComparedFile): number => width * height;

function loss({ mime }: ComparedFile): number {
  const place = FORMATS_BY_LOSS.indexOf(mime);
  return place === -1 ? FORMATS_BY_LOSS.length : place;
}
