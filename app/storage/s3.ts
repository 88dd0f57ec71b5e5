import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { runParallel } from '../util/run-parallel.ts';
import { contentTypeOf } from './content-types.ts';
import { contentDisposition } from './disposition.ts';
import { createBucketCheck } from './s3-check.ts';
import { createS3Client, MAX_PARALLEL_PARTS, PART_BYTES, type S3Access } from './s3-client.ts';
import { alreadyThere, BACKEND, isMissing, wrap } from './s3-errors.ts';
import { createS3Reader } from './s3-reader.ts';
import {
  assertKey,
  OBJECT_CACHE_CONTROL,
  OBJECT_KEY,
  StorageError,
  type ObjectInfo,
  type ObjectOwner,
  type Storage,
} from './storage.ts';

export interface S3StorageOptions extends S3Access {
  /** Public address of objects: `{publicUrl}/{key}`. */
  publicUrl: string;
  /** Origin of the page, for the check of the bucket's CORS rules. */
  pageOrigin?: string | undefined;
}

/** Holds the library's id. It is no key of an object, so it is neither listed nor swept. */
const LIBRARY_KEY = 'meemikansio-library';
const MAX_PARALLEL_LOOKS = 8;

/** Reads the owner from the metadata of an object. */
const ownerOf = (metadata: Record<string, string> | undefined): ObjectOwner | null => {
  const { item, role } = metadata ?? {};
  return item === undefined || role === undefined ? null : { item, role };
};

/** Lifetime of a signed download link: long enough to follow it. */
const DOWNLOAD_LINK_S = 300;

/**
 * Stores objects in an S3 bucket: anybody may read them, only we may write and list.
 *
 * Streams bytes both ways. Each part is signed with its SHA-256, which the server verifies, so no
 * damaged part is stored.
 */
export function createS3Storage(options: S3StorageOptions): Storage {
  const { bucket: Bucket, publicUrl } = options;
  const client = createS3Client(options);
  const report = createBucketCheck({
    client,
    bucket: Bucket,
    endpoint: options.endpoint,
    publicUrl,
    pageOrigin: options.pageOrigin,
  });
  const read = createS3Reader(client, Bucket);

  /** Returns `null` if the object is missing. */
  async function head(Key: string) {
    try {
      return await client.send(new HeadObjectCommand({ Bucket, Key }));
    } catch (error) {
      if (isMissing(error)) return null;
      throw wrap(error, `cannot look at ${Key}`);
    }
  }

  /**
   * Aborts failed uploads, whose invisible parts cost money. A key is used once, so every
   * unfinished upload under it is ours. The bucket's lifecycle rule removes those that cannot be
   * aborted now.
   */
  async function abortUploads(Key: string): Promise<void> {
    try {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
      for (const { UploadId } of Uploads)
        await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    } catch {
      // Report the original failure, not this one.
    }
  }

  async function info(key: string): Promise<ObjectInfo | null> {
    assertKey(BACKEND, key);
    const found = await head(key);
    if (!found) return null;
    const { ContentLength: size, ContentType: contentType, LastModified: lastModified } = found;
    if (size === undefined || contentType === undefined || !lastModified)
      throw new StorageError(BACKEND, 'failed', `the storage omits the size or date of ${key}`);
    return { key, size, contentType, lastModified };
  }

  return {
    backend: BACKEND,
    info,
    publicInfo: info,
    // The policy of the bucket lets everybody read every object.
    addresses: null,

    async put(key, path, { downloadName, owner }) {
      assertKey(BACKEND, key);
      const ticket = randomUUID();
      // Some servers ignore the condition when a multipart upload completes.
      if (await head(key)) throw alreadyThere(key);
      const body = createReadStream(path, { highWaterMark: 1024 * 1024 });
      try {
        const upload = new Upload({
          client,
          partSize: PART_BYTES,
          queueSize: MAX_PARALLEL_PARTS,
          params: {
            Bucket,
            Key: key,
            Body: body,
            // The type follows from the key, never from a client's claim: no browser runs it as a
            // page.
            ContentType: contentTypeOf(key),
            CacheControl: OBJECT_CACHE_CONTROL,
            ContentDisposition: contentDisposition('inline', downloadName || key),
            IfNoneMatch: '*',
            Metadata: { ticket, ...owner },
          },
        });
        await upload.done();
      } catch (error) {
        // If only the response was lost, the object is stored, and the retry was refused.
        const there = await head(key).catch(() => null);
        if (there?.Metadata?.['ticket'] === ticket) return;
        if (there) throw alreadyThere(key);
        await abortUploads(key);
        throw wrap(error, `cannot store ${key}`);
      } finally {
        body.destroy();
      }
    },

    async copy(from, to, owner) {
      assertKey(BACKEND, from);
      assertKey(BACKEND, to);
      const [source, other] = await Promise.all([head(from), head(to)]);
      if (!source) return false;
      if (other) throw alreadyThere(to);
      try {
        await client.send(
          new CopyObjectCommand({
            Bucket,
            Key: to,
            CopySource: `${Bucket}/${from}`,
            // Objects of earlier releases carry another `Cache-Control`.
            MetadataDirective: 'REPLACE',
            ContentType: contentTypeOf(to),
            CacheControl: OBJECT_CACHE_CONTROL,
            ContentDisposition: source.ContentDisposition ?? contentDisposition('inline', to),
            Metadata: { ticket: randomUUID(), ...(owner ?? ownerOf(source.Metadata)) },
          }),
        );
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw wrap(error, `cannot copy ${from} to ${to}`);
      }
    },

    async read(key, range) {
      assertKey(BACKEND, key);
      return read(key, range);
    },

    async delete(key) {
      assertKey(BACKEND, key);
      try {
        await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
      } catch (error) {
        if (!isMissing(error)) throw wrap(error, `cannot delete ${key}`);
      }
    },

    async *list() {
      let ContinuationToken: string | undefined;
      do {
        const page = await client
          .send(new ListObjectsV2Command({ Bucket, ContinuationToken }))
          .catch((error: unknown) => {
            throw wrap(error, 'cannot list the bucket');
          });
        for (const { Key: key, Size: size, LastModified: lastModified } of page.Contents ?? []) {
          // Another program's object is neither listed nor swept.
          if (key === undefined || !OBJECT_KEY.test(key)) continue;
          if (size === undefined || !lastModified)
            throw new StorageError(BACKEND, 'failed', `the storage omits the size or date of ${key}`);
          yield { key, size, contentType: contentTypeOf(key), lastModified };
        }
        ContinuationToken = page.NextContinuationToken;
        if (page.IsTruncated && ContinuationToken === undefined)
          throw new StorageError(BACKEND, 'failed', 'the list of the bucket is incomplete');
      } while (ContinuationToken !== undefined);
    },

    async sweep(minAgeMs) {
      const before = Date.now() - minAgeMs;
      let count = 0;
      for (let KeyMarker: string | undefined, UploadIdMarker: string | undefined; ;) {
        const page = await client
          .send(new ListMultipartUploadsCommand({ Bucket, KeyMarker, UploadIdMarker }))
          .catch((error: unknown) => {
            throw wrap(error, 'cannot list unfinished uploads');
          });
        for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
          // Another program's upload in the same bucket is not ours to abort.
          if (!Key || !OBJECT_KEY.test(Key) || !Initiated || Initiated.getTime() > before) continue;
          await client
            .send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
            .catch((error: unknown) => {
              if (!isMissing(error)) throw wrap(error, `cannot abort the upload of ${Key}`);
            });
          count += 1;
        }
        if (!page.IsTruncated) return count;
        ({ NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page);
      }
    },

    async owners(keys) {
      const found = new Map<string, ObjectOwner>();
      await runParallel(keys, MAX_PARALLEL_LOOKS, async (key) => {
        const owner = ownerOf((await head(key))?.Metadata);
        if (owner) found.set(key, owner);
      });
      return found;
    },

    async library() {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: LIBRARY_KEY }));
        return (await Body?.transformToString())?.trim() ?? null;
      } catch (error) {
        if (isMissing(error)) return null;
        throw wrap(error, `cannot read ${LIBRARY_KEY}`);
      }
    },

    async claim(library) {
      await client
        .send(new PutObjectCommand({ Bucket, Key: LIBRARY_KEY, Body: library, ContentType: 'text/plain' }))
        .catch((error: unknown) => {
          throw wrap(error, `cannot write ${LIBRARY_KEY}`);
        });
    },

    publicUrl: (key) => `${publicUrl}/${key}`,

    async redirectUrl(key, downloadName) {
      assertKey(BACKEND, key);
      if (downloadName === undefined) return `${publicUrl}/${key}`;
      // Only a signed request may override the stored headers.
      const ResponseContentDisposition = contentDisposition('attachment', downloadName);
      const command = new GetObjectCommand({ Bucket, Key: key, ResponseContentDisposition });
      // Signs by the storage's clock, as known from an earlier response.
      const signingDate = new Date(Date.now() + client.config.systemClockOffset);
      return getSignedUrl(client, command, { expiresIn: DOWNLOAD_LINK_S, signingDate });
    },

    healthProblem: async () => (await report()).problem,
    warning: async () => (await report()).warning,
  };
}
