import { AppError } from '../http/errors.ts';
import { MIN_PART_BYTES } from './resumable.limits.ts';

export const noUpload = () => new AppError('not_found', 'There is no such upload. It may have ended.');

export const partsGone = () =>
  new AppError('not_found', 'The received part of this upload is gone. Send the file again.');

export const wrongOffset = (offset: number) =>
  new AppError('wrong_offset', `The server has ${offset} bytes of this upload. Go on from there.`, {
    details: { offset },
  });

export const tooMuch = () =>
  new AppError('body_too_large', 'The body goes beyond the announced size of the file.');

export const tooLittle = () =>
  new AppError('invalid_field', `Send at least ${MIN_PART_BYTES} bytes, or the rest of the file.`, {
    details: { fields: { 'content-length': `Use at least ${MIN_PART_BYTES}, or the rest of the file.` } },
  });

export const tooManyUploads = () =>
  new AppError(
    'too_many_uploads',
    'Too many uploads are unfinished. Finish or delete some, or send the file in one form.',
  );
