import sharp from 'sharp';
import { caseFile } from '../cases.ts';
import { afterIhdr, pngChunk } from './specimens.ts';

/** Chunk of PQ by ITU-T H.273: primaries of BT.2020, PQ, RGB, full range. */
const PQ_CHUNK = pngChunk('cICP', Buffer.from([9, 16, 0, 1]));

/**
 * Returns the picture of hdr-pq.avif as a PNG of the same code values, with its colour and without.
 */
export async function hdrPng(): Promise<{ tagged: Buffer; untagged: Buffer }> {
  const codes = sharp(caseFile('hdr-pq.avif')).removeAlpha().toColourspace('rgb16');
  const untagged = await codes.png().toBuffer();
  return { tagged: afterIhdr(untagged, PQ_CHUNK), untagged };
}
