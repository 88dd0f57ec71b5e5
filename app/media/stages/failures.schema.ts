/** Reasons why a stage failed. Clients have words for each code, in every language. */
const FAILURE_CODES = [
  'thumbnail',
  'preview',
  'playback',
  'text',
  'original',
  'ffmpeg',
  'frame',
  'frames',
  'conversion',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];

/** The sentences of the codes, as the database, the log and the API hold them. */
export const FAILURES = {
  thumbnail: 'No thumbnail could be made.',
  preview: 'No preview could be made.',
  playback: 'No version for all browsers could be made.',
  text: 'The words in the picture could not be read.',
  original: 'The original is missing from the storage.',
  ffmpeg: 'This server has no ffmpeg just now.',
  frame: 'No frame of the video can be decoded.',
  frames: 'No frames of the video can be decoded.',
  conversion: 'The video cannot be turned into one that every browser plays.',
} as const satisfies Record<FailureCode, string>;

/**
 * Returns the code of a sentence. Returns undefined for a sentence of another release, or of
 * unusual damage.
 */
export const failureCode = (sentence: string): FailureCode | undefined =>
  FAILURE_CODES.find((code) => FAILURES[code] === sentence);
