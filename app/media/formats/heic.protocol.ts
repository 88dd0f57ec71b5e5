/**
 * Exit codes for faults of a photo: `broken` and `tooManyPixels`. Any other code or signal is the
 * server's fault. Node uses 1 to 13 itself: https://nodejs.org/api/process.html#exit-codes
 */
export const HEIC_EXIT = { broken: 65, tooManyPixels: 66 } as const;

/** A photo of 12 megapixels takes 220 MB, one of 48 takes 490 MB (measured). Megabytes of 2^20. */
export const HEIC_MEMORY_MB = 550;

/** The 48 megapixels of today's phones, and a little more. */
export const MAX_HEIC_PIXELS = 50_000_000;
