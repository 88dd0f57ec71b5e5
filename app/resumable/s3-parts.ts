import { readFile } from 'node:fs/promises';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { createS3Client, type S3Access } from '../storage/s3-client.ts';
import { isMissing, wrap } from '../storage/s3-errors.ts';
import { createS3Reader } from '../storage/s3-reader.ts';
import { runParallel } from '../util/run-parallel.ts';
import { UPLOAD_ID, type PartStore } from './part-store.ts';

const MAX_PARALLEL_DELETIONS = 4;

/** Keeps parts in a private bucket. Needs the rights to put, get, delete and list. */
export function createS3Parts(access: S3Access): PartStore {
  const client = createS3Client(access);
  const Bucket = access.bucket;

  async function* objects(Prefix?: string): AsyncGenerator<{ key: string; changedAt: Date }, void> {
    let ContinuationToken: string | undefined;
    do {
      const page = await client
        .send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }))
        .catch((error: unknown) => {
          throw wrap(error, `cannot list ${Bucket}`);
        });
      for (const { Key, LastModified } of page.Contents ?? [])
        if (Key !== undefined && LastModified) yield { key: Key, changedAt: LastModified };
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  }

  async function removePart(Key: string): Promise<void> {
    try {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    } catch (error) {
      if (!isMissing(error)) throw wrap(error, `cannot delete ${Key}`);
    }
  }

  return {
    async put(Key, path) {
      // The client can repeat bytes of the memory, but no stream. A part is small.
      const Body = await readFile(path);
      await client
        .send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/octet-stream' }))
        .catch((error: unknown) => {
          throw wrap(error, `cannot store ${Key}`);
        });
    },

    async has(Key) {
      try {
        await client.send(new HeadObjectCommand({ Bucket, Key }));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw wrap(error, `cannot look at ${Key}`);
      }
    },

    read: createS3Reader(client, Bucket),

    removePart,

    async remove(id) {
      const keys: string[] = [];
      for await (const { key } of objects(`${id}/`)) keys.push(key);
      await runParallel(keys, MAX_PARALLEL_DELETIONS, removePart);
    },

    async *list() {
      for await (const { key, changedAt } of objects()) {
        const [id = ''] = key.split('/');
        if (UPLOAD_ID.test(id)) yield { id, changedAt };
      }
    },
  };
}
