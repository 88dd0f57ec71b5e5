/**
 * Most different bits of the hashes of two alike pictures, of 256. docs/benchmarks.md has the
 * distances of copies and of unrelated pictures, from which it comes.
 */
export const MAX_ALIKE_DISTANCE = 60;
