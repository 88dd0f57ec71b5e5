/** The errors of a file that is no item, by any way of sending it. */
export const FILE_ERRORS = [
  'file_too_large',
  'empty_file',
  'unsupported_type',
  'video_unsupported',
  'broken_file',
  'too_many_pixels',
  'too_many_frames',
  'too_complex',
  'too_long',
  'already_here',
] as const;
