import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

/** Files for a text reader, in a temporary folder. */
export interface PicturesToRead extends AsyncDisposable {
  folder: string;
  file(name: string, bytes: Buffer): Promise<string>;
  /** Draws dark words on white, from the left edge. */
  words(name: string, size: WordsSize, text: string): Promise<string>;
}

interface WordsSize {
  width: number;
  height: number;
  /** Height of the letters, pixels. */
  font: number;
  /** Distance from the left edge, pixels. */
  left?: number;
}

export async function createPicturesToRead(): Promise<PicturesToRead> {
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-reader-'));
  const file = async (name: string, bytes: Buffer): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return path;
  };
  return {
    folder,
    file,
    async words(name, { width, height, font, left = 20 }, text) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>
    <text x="${left}" y="${font * 1.5}" font-size="${font}" font-family="DejaVu Sans, Liberation Sans, sans-serif">${text}</text></svg>`;
      return file(name, await sharp(Buffer.from(svg)).png().toBuffer());
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

export async function noise(width: number, height: number): Promise<Buffer> {
  const create = {
    width,
    height,
    channels: 3,
    background: '#888',
    noise: { type: 'gaussian', mean: 128, sigma: 60 },
  } as const;
  return sharp({ create }).png().toBuffer();
}
