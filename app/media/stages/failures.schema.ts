/** Why something could not be made of an item: clients have words for each code, in every language. */
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

/** The sentences of the codes: what the database, the log and the API hold. */
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

/** The code of a sentence; undefined for one of another release, or of a file that is damaged in a way of its own. */
export const failureCode = (sentence: string): FailureCode | undefined =>
  FAILURE_CODES.find((code) => FAILURES[code] === sentence);
