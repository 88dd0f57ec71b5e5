import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import type { BackupStore } from './backup-store.ts';
import { createLocalStore } from './local-store.ts';

/**
 * Creates the place of the backups: their bucket, else a folder in DATA_DIR. Loads the S3 client
 * only if needed.
 */
export async function createBackupStore({ backup, dataDir, storage: { s3 } }: Config): Promise<BackupStore> {
  if (backup.bucket === undefined || !s3) return createLocalStore(join(resolve(dataDir), 'backups'));
  const { createS3Store } = await import('./s3-store.ts');
  return createS3Store({ ...s3, bucket: backup.bucket });
}
