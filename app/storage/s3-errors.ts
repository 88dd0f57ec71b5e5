import { S3ServiceException } from '@aws-sdk/client-s3';
import { StorageError } from './storage.ts';

export const BACKEND = 's3';

/** Error of a key that has an object already. */
export const alreadyThere = (key: string) => new StorageError(BACKEND, 'exists', `${key} exists already`);

/** Tells whether the storage has no such object or upload. */
export const isMissing = (error: unknown) =>
  error instanceof S3ServiceException && ['NoSuchKey', 'NotFound', 'NoSuchUpload'].includes(error.name);

/** Wraps an error of the SDK and says what failed. */
export function wrap(error: unknown, message: string): StorageError {
  if (error instanceof StorageError) return error;
  const reason = error instanceof Error ? `: ${error.name} ${error.message}` : '';
  return new StorageError(BACKEND, 'failed', message + reason, error);
}
