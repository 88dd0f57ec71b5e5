import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { blobOf } from '../../support/media/videos.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';

// PngSuite (http://www.schaik.com/pngsuite/): the 20 valid files that npm's pngjs carries, with its
// own decoder as the second opinion. The damaged files follow the definitions of the suite.

/** The decoder of pngjs 0.4.0, which is plain JavaScript: it shares no code with libpng. */
interface PngDecoder {
  parse(
    bytes: Buffer,
    done: (error: Error | null, png: { width: number; height: number; data: Buffer }) => void,
  ): void;
}
const require = createRequire(import.meta.url);
const { PNG }: { PNG: new () => PngDecoder } = require('pngjs');
const FOLDER = join(dirname(require.resolve('pngjs/package.json')), 'examples/test/img');
const VALID = readdirSync(FOLDER).filter((name) => name.endsWith('.png'));

const decode = (bytes: Buffer) =>
  new Promise<{ width: number; height: number; data: Buffer }>((resolve, reject) => {
    new PNG().parse(bytes, (error, png) => (error ? reject(error) : resolve(png)));
  });

/** Length of the signature, in bytes; IHDR follows it. */
const SIGNATURE_BYTES = 8;
/** Offsets in the file of the fields of IHDR. */
const BIT_DEPTH = SIGNATURE_BYTES + 8 + 8;
const COLOUR_TYPE = BIT_DEPTH + 1;
const IHDR_CRC = SIGNATURE_BYTES + 8 + 13;

/** Returns a copy with some bytes replaced; `seal` writes the right checksum of IHDR. */
function patched(bytes: Buffer, at: number, value: number, seal = true): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  if (seal) copy.writeUInt32BE(crc32(copy.subarray(SIGNATURE_BYTES + 4, IHDR_CRC)), IHDR_CRC);
  return copy;
}

/** The start of a chunk's length field. */
const chunkAt = (bytes: Buffer, type: string): number => bytes.indexOf(type, 0, 'latin1') - 4;

function withoutChunk(bytes: Buffer, type: string): Buffer {
  const at = chunkAt(bytes, type);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 12 + bytes.readUInt32BE(at))]);
}

const replaced = (bytes: Buffer, from: string, to: string): Buffer =>
  Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');

/** Name, the damage, and the answer. */
const DAMAGED: readonly (readonly [string, (png: Buffer) => Buffer, number, string])[] = [
  [
    'xs1n0g01: signature byte 1 without its top bit',
    (png) => patched(png, 0, 0x09, false),
    415,
    'unsupported_type',
  ],
  ['xs2n0g01: signature byte 2 is a Q', (png) => patched(png, 1, 0x51, false), 415, 'unsupported_type'],
  [
    'xs4n0g01: signature byte 4 in lower case',
    (png) => patched(png, 3, 0x67, false),
    415,
    'unsupported_type',
  ],
  ['xs7n0g01: signature byte 7 is a space', (png) => patched(png, 6, 0x20, false), 415, 'unsupported_type'],
  ['xcrn0g04: CR LF became CR', (png) => replaced(png, '\r\n', '\r'), 415, 'unsupported_type'],
  ['xlfn0g04: CR LF became LF', (png) => replaced(png, '\r\n', '\n'), 415, 'unsupported_type'],
  ['xhdn0g08: wrong checksum of IHDR', (png) => patched(png, IHDR_CRC, 0x00, false), 422, 'broken_file'],
  ['xc1n0g08: colour type 1', (png) => patched(png, COLOUR_TYPE, 1), 422, 'broken_file'],
  ['xc9n2c08: colour type 9', (png) => patched(png, COLOUR_TYPE, 9), 422, 'broken_file'],
  ['xd0n2c08: bit depth 0', (png) => patched(png, BIT_DEPTH, 0), 422, 'broken_file'],
  ['xd3n2c08: bit depth 3', (png) => patched(png, BIT_DEPTH, 3), 422, 'broken_file'],
  ['xd9n2c08: bit depth 99', (png) => patched(png, BIT_DEPTH, 99), 422, 'broken_file'],
  ['xdtn0g01: no IDAT', (png) => withoutChunk(png, 'IDAT'), 422, 'broken_file'],
  [
    'xcsn0g01: wrong checksum of IDAT',
    (png) => {
      const at = chunkAt(png, 'IDAT');
      return patched(png, at + 8 + png.readUInt32BE(at), 0x00, false);
    },
    422,
    'broken_file',
  ],
];

describe('PngSuite', () => {
  let app: TestApp;
  let aino: Visitor;
  beforeAll(async () => {
    app = await createTestApp();
    aino = await app.admin();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it('has the files that are compared here', () => {
    expect(VALID).toHaveLength(20);
  });

  it.each(VALID)('%s is taken with the pixels that another decoder sees', async (name) => {
    const source = await readFile(join(FOLDER, name));
    const seen = await decode(source);
    const response = await aino.upload(blobOf(source), name);
    expect(response.status, await response.clone().text()).toBe(201);
    const item = mediaItem.parse(await response.json());
    expect([item.width, item.height]).toEqual([seen.width, seen.height]);
    const stored = Buffer.from(await (await aino.request(item.url)).arrayBuffer());
    const { data } = await sharp(stored).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    // pngjs 0.4.0 does not know the transparent colour of tRNS, so alpha is compared without it.
    const hasKey = chunkAt(source, 'tRNS') > 0 && !name.endsWith('p08.png');
    const channels = hasKey ? [0, 1, 2] : [0, 1, 2, 3];
    const pixels = (all: Uint8Array) => channels.map((c) => all.filter((_, at) => at % 4 === c));
    expect(pixels(data)).toEqual(pixels(seen.data));
  });

  it.each(DAMAGED)('%s is refused', async (name, damage, status, code) => {
    const source = await readFile(join(FOLDER, 'basn2c08.png'));
    const response = await aino.upload(blobOf(damage(source)), `${name.slice(0, 8)}.png`);
    expect(response.status).toBe(status);
    expect(errorBody.parse(await response.json()).code).toBe(code);
  });
});
