import { join, resolve } from 'node:path';
import { ConfigError, type Config } from '../config.ts';
import { createLocalStorage } from './local.ts';
import type { Storage } from './storage.ts';

/**
 * Creates the storage of this configuration, or another backend that it describes. Loads the S3
 * client only if needed. Errors: {@link ConfigError} for an unconfigured bucket.
 */
export async function createStorage(
  config: Config,
  backend: Storage['backend'] = config.storage.backend,
): Promise<Storage> {
  if (backend === 'local') return createLocalStorage({ directory: join(resolve(config.dataDir), 'media') });
  if (!config.storage.s3) {
    throw new ConfigError(
      'The bucket is not configured: set S3_BUCKET, S3_REGION, S3_ENDPOINT, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.',
    );
  }
  const { createS3Storage } = await import('./s3.ts');
  const { publicUrl } = config.server;
  return createS3Storage({
    ...config.storage.s3,
    pageOrigin: publicUrl === undefined ? undefined : new URL(publicUrl).origin,
  });
}
