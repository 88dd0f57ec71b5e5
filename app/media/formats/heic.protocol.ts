/** How the process says what is wrong with a picture; any other code is a crash. */
export const HEIC_EXIT = { broken: 3, tooManyPixels: 4 } as const;

/** A 12-megapixel photo takes 225 MB (measured); this is room for the 48 of today's phones. Megabytes of 2^20. */
export const HEIC_MEMORY_MB = 700;

export const MAX_HEIC_PIXELS = 50_000_000;
