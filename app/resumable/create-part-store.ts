import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import { createLocalParts } from './local-parts.ts';
import type { PartStore } from './part-store.ts';

/**
 * Creates the place of the parts: their bucket, else a folder in DATA_DIR. Loads the S3 client only
 * if needed.
 */
export async function createPartStore({ upload, dataDir, storage: { s3 } }: Config): Promise<PartStore> {
  if (upload.bucket === undefined || !s3) return createLocalParts(join(resolve(dataDir), 'uploads'));
  const { createS3Parts } = await import('./s3-parts.ts');
  return createS3Parts({ ...s3, bucket: upload.bucket });
}
