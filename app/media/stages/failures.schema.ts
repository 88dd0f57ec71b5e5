/**
 * Reasons why a stage failed or was skipped, as the database and the API hold them. The
 * dictionaries of the client hold the words. Each stage's own name is its general code.
 *
 * - `original`: the original is missing from the storage
 * - `ffmpeg`: this server has no ffmpeg at present
 * - `models`: the models of the text recognition are missing or corrupt
 * - `frame`, `frames`: the first frame, or every frame, of the video cannot be decoded
 * - `conversion`: ffmpeg cannot convert the video for playback
 * - `unknown`: another release stored the reason; never stored itself
 */
export const FAILURE_CODES = [
  'thumbnail',
  'preview',
  'playback',
  'text',
  'original',
  'ffmpeg',
  'models',
  'frame',
  'frames',
  'conversion',
  'unknown',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** Narrows a stored or received value: another release may know other codes. */
export const isFailureCode = (value: string): value is FailureCode =>
  FAILURE_CODES.some((code) => code === value);

/** Returns the code of a value; `unknown` for one of another release, `null` for no failure. */
export const failureCodeOf = (value: string | null): FailureCode | null =>
  value === null || isFailureCode(value) ? value : 'unknown';
