import { readFile, writeFile } from 'node:fs/promises';
import libheif from 'libheif-js/wasm-bundle';
import sharp from 'sharp';
import { watch } from '../../util/watchdog.ts';
import { HEIC_EXIT, HEIC_MEMORY_MB, MAX_HEIC_PIXELS } from './heic.protocol.ts';
import { profileOf, withProfile } from './heic-profile.ts';

/**
 * A process for one picture: HEIC file in, JPEG file out. libheif runs as WebAssembly, so a file that takes it over
 * is still inside its sandbox; the process bounds memory and time, and gives all of both back at its end.
 */
const [source = '', target = ''] = process.argv.slice(2);
watch({ memoryLimitMb: HEIC_MEMORY_MB, parent: process.ppid });

const bytes = await readFile(source);
await libheif.ready;
const images = new libheif.HeifDecoder().decode(bytes);
const image = images.find((candidate) => candidate.is_primary()) ?? images[0];
if (!image) process.exit(HEIC_EXIT.broken);
const width = image.get_width();
const height = image.get_height();
if (width * height > MAX_HEIC_PIXELS) process.exit(HEIC_EXIT.tooManyPixels);
const pixels = await new Promise<Uint8ClampedArray | null>((done) => {
  image.display({ data: new Uint8ClampedArray(width * height * 4), width, height }, (shown) =>
    done(shown?.data ?? null),
  );
});
if (!pixels) process.exit(HEIC_EXIT.broken);
// libheif has turned the picture already and leaves colours as they are coded, so the profile goes along.
const jpeg = await sharp(pixels, { raw: { width, height, channels: 4 } })
  .removeAlpha()
  .jpeg({ quality: 90, mozjpeg: false })
  .toBuffer();
await writeFile(target, withProfile(jpeg, profileOf(bytes)), { flag: 'wx' });
// The watchdog's timer would keep the process alive.
process.exit(0);
