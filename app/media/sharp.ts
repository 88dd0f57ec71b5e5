import { createRequire } from 'node:module';
import type Sharp from 'sharp';
import type { SharpInput, SharpOptions } from 'sharp';

const require = createRequire(import.meta.url);
type SharpPipeline = ReturnType<typeof Sharp>;
let loaded: typeof Sharp | undefined;

/**
 * sharp, loaded with the first picture. libvips is a tenth of a cold start and of an idle process's
 * memory. Most starts serve a page without it.
 */
export function sharp(options: SharpOptions): SharpPipeline;
export function sharp(input: SharpInput | SharpInput[], options?: SharpOptions): SharpPipeline;
export function sharp(
  input: SharpInput | SharpInput[] | SharpOptions,
  options?: SharpOptions,
): SharpPipeline {
  loaded ??= load();
  return isOptions(input) ? loaded(input) : loaded(input, options);
}

const isOptions = (input: SharpInput | SharpInput[] | SharpOptions): input is SharpOptions =>
  typeof input === 'object' &&
  !Array.isArray(input) &&
  !ArrayBuffer.isView(input) &&
  !(input instanceof ArrayBuffer);

function load(): typeof Sharp {
  const library: typeof Sharp = require('sharp');
  // A picture is decoded once: libvips' operation cache would only hold memory.
  library.cache(false);
  // One thread per picture: uploads run in parallel, and threads of one picture wait for each
  // other.
  library.concurrency(1);
  return library;
}
