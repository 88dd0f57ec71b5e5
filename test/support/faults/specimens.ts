import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { picture, pictureOfWords } from '../media/pictures.ts';
import { VIDEO_MAKERS } from '../media/videos.ts';

const bytesOf = async (blob: Blob) => Buffer.from(await blob.arrayBuffer());

/** A small picture. */
export const small = async () => bytesOf(await picture());

/** 12 MB of noise as a PNG. Its write takes long enough to be interrupted. */
export const large = () =>
  sharp(randomBytes(2000 * 2000 * 3), { raw: { width: 2000, height: 2000, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();

/** Makes a short MP4, another one on each call. */
export const clip = () => VIDEO_MAKERS.silentMp4();

/** Makes a short WebM, which the app remuxes on upload. */
export const webm = () => VIDEO_MAKERS.webm();

const WORDS = ['AAMU', 'KAHVI', 'KISSA', 'METSÄ', 'VALO', 'TALVI', 'KESÄ', 'LUMI', 'MERI', 'PILVI'];
let turn = 0;

/** Draws two words on white; each pair comes once. */
export async function words(): Promise<Buffer> {
  turn += 1;
  const word = (n: number) => WORDS[n % WORDS.length] ?? '';
  return bytesOf(await pictureOfWords(word(turn), word(Math.floor(turn / 10) + turn + 3)));
}
