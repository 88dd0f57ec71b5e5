import { createReadStream } from 'node:fs';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { createS3Client, MAX_PARALLEL_PARTS, PART_BYTES, type S3Access } from '../storage/s3-client.ts';
import { wrap } from '../storage/s3-errors.ts';
import { createS3Reader } from '../storage/s3-reader.ts';
import { backupOf, newestFirst, type BackupStore, type StoredBackup } from './backup-store.ts';

/** Keeps backups in a private bucket. Needs the rights to put and list; `read` also that to get. */
export function createS3Store(access: S3Access): BackupStore {
  const client = createS3Client(access);
  const Bucket = access.bucket;
  const read = createS3Reader(client, Bucket);
  return {
    place: `the bucket ${Bucket}`,

    async list() {
      const found: StoredBackup[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client
          .send(new ListObjectsV2Command({ Bucket, ContinuationToken }))
          .catch((error: unknown) => {
            throw wrap(error, `cannot list ${Bucket}`);
          });
        for (const { Key = '', Size = 0 } of page.Contents ?? []) {
          const backup = backupOf(Key, Size);
          if (backup) found.push(backup);
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return newestFirst(found);
    },

    async put(Key, path) {
      const Body = createReadStream(path);
      try {
        const params = { Bucket, Key, Body, ContentType: 'application/octet-stream' };
        await new Upload({ client, partSize: PART_BYTES, queueSize: MAX_PARALLEL_PARTS, params }).done();
      } catch (error) {
        throw wrap(error, `cannot store ${Key}`);
      } finally {
        Body.destroy();
      }
    },

    read: async (name) => (backupOf(name, 0) ? read(name) : null),

    // The lifecycle rules of the bucket remove old ones.
    remove: null,
  };
}
