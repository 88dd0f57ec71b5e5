/** Maximum profile bytes in one JPEG segment: 65,533 less the header. ICC.1 annex B.4 */
const MAX_SEGMENT_BYTES = 65_000;
const MAX_PROFILE_BYTES = 1 << 20;

/**
 * Returns the ICC profile of a HEIC: the first colour box (`colr`) of type `prof` or `rICC`
 * (ISO/IEC 23008-12 §6.5.5).
 */
export function profileOf(heic: Buffer): Buffer | null {
  for (const type of ['colrprof', 'colrrICC']) {
    const at = heic.indexOf(type, 0, 'latin1');
    if (at < 4) continue;
    const size = heic.readUInt32BE(at - 4);
    const profile = heic.subarray(at + 8, at - 4 + size);
    // An ICC profile begins with its length and has `acsp` at byte 36 (ICC.1 §7.2).
    const real = profile.length > 128 && profile.toString('latin1', 36, 40) === 'acsp';
    if (real && profile.length <= MAX_PROFILE_BYTES) return profile;
  }
  return null;
}

/** Inserts the profile into the JPEG, in APP2 segments directly after its start. */
export function withProfile(jpeg: Buffer, profile: Buffer | null): Buffer {
  if (profile === null) return jpeg;
  const count = Math.ceil(profile.length / MAX_SEGMENT_BYTES);
  const segments = Array.from({ length: count }, (_, i) => {
    const part = profile.subarray(i * MAX_SEGMENT_BYTES, (i + 1) * MAX_SEGMENT_BYTES);
    const header = Buffer.from('\u00ff\u00e2\0\0ICC_PROFILE\0\0\0', 'latin1');
    header.writeUInt16BE(header.length - 2 + part.length, 2);
    header[16] = i + 1;
    header[17] = count;
    return Buffer.concat([header, part]);
  });
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}
