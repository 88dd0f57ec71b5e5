import { HASH_BITS } from './perceptual-hash.shared.ts';

/**
 * Keys of the index of hashes, by multi-index hashing. Source: Norouzi, Punjani, Fleet: "Fast
 * Search in Hamming Space with Multi-Index Hashing", 2012. A hash has a key for each band of
 * its bits. Two hashes are compared if a band of one differs from that of the other in one bit
 * at most.
 *
 * The bands are those of the lowest waves, because these change least when a picture is saved
 * again. Hashes of up to {@link CERTAIN_DISTANCE} different bits among them are always compared.
 * Nearly all of far greater distance are, too.
 */
const BANDS = 6;
/** A million pictures fill about each value of 20 bits once: few are compared in vain. */
const BAND_BITS = 20;
/** Different bits within the bands below which two hashes are certainly compared. */
export const CERTAIN_DISTANCE = 2 * BANDS - 1;

const SIDE = Math.sqrt(HASH_BITS);
const frequency = (bit: number): number => ((bit % SIDE) + 1) ** 2 + (Math.floor(bit / SIDE) + 1) ** 2;
/** The bits of all bands, lowest waves first. */
const BITS = Array.from({ length: HASH_BITS }, (_, bit) => bit)
  .toSorted((one, other) => frequency(one) - frequency(other) || one - other)
  .slice(0, BANDS * BAND_BITS);

/** Returns the key of each band of a hash. */
export function bandsOf(hash: Uint8Array): number[] {
  const keys = Array.from({ length: BANDS }, (_, band) => band << BAND_BITS);
  for (const [i, bit] of BITS.entries()) {
    if (((hash[bit >> 3] ?? 0) & (128 >> (bit & 7))) === 0) continue;
    const band = Math.floor(i / BAND_BITS);
    keys[band] = (keys[band] ?? 0) | (1 << (i % BAND_BITS));
  }
  return keys;
}

/**
 * Returns the keys of all hashes that are compared with these, in groups, each key once. The first
 * group has the keys of the hashes themselves, which select most of what is alike. Each other group
 * has those of a band with a turned bit. A scan of the index walks through all its keys at each
 * row. So several scans by few keys are faster.
 */
export function probesOf(hashes: readonly Uint8Array[]): number[][] {
  const equal = new Set(hashes.flatMap(bandsOf));
  const turned = Array.from({ length: BANDS }, () => new Set<number>());
  for (const key of equal)
    for (let bit = 0; bit < BAND_BITS; bit++)
      if (!equal.has(key ^ (1 << bit))) turned[key >> BAND_BITS]?.add(key ^ (1 << bit));
  return [equal, ...turned].map((keys) => [...keys]);
}
