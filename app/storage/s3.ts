import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { contentTypeOf } from './content-types.ts';
import { contentDisposition } from './disposition.ts';
import { checkBucket, type BucketReport } from './s3-check.ts';
import { assertKey, OBJECT_KEY, StorageError, type ByteRange, type Storage } from './storage.ts';

const BACKEND = 's3';

export interface S3StorageOptions {
  bucket: string;
  region: string;
  /** Address of the S3 API. */
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** The bucket in the path and not in the host name. */
  forcePathStyle: boolean;
  /** Where anybody reads objects: `{publicUrl}/{key}`. */
  publicUrl: string;
  /** Origin of the page, for the check of the bucket's CORS rules. */
  pageOrigin?: string | undefined;
  /** Shorter in tests. */
  timeouts?: { connectMs: number; idleMs: number };
}

/** S3's smallest part. An upload holds at most {@link PARTS_AT_ONCE} of them, twice while one is put together. */
const PART_BYTES = 5 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
/** A request, or the rest of an interrupted read, is tried this often; waits grow from 0.1 s with full jitter. */
const ATTEMPTS = 5;
const TIMEOUTS = { connectMs: 5000, idleMs: 20_000 };
/** How long a link that saves a file under its name works: long enough to follow it. */
const DOWNLOAD_LINK_S = 300;
/** How long the result of a check holds: whoever asks `/api/ready` must not make us write all the time. */
const WELL_FOR_MS = 60_000;
const UNWELL_FOR_MS = 5000;

/**
 * Objects in an S3 bucket that anybody may read and only we may write and list. Bytes are streamed both ways: a part is
 * signed with its SHA-256, which the server verifies, so nothing is stored that was damaged on the way.
 */
export function createS3Storage(options: S3StorageOptions): Storage {
  const { bucket: Bucket, publicUrl } = options;
  const timeouts = options.timeouts ?? TIMEOUTS;
  const client = new S3Client({
    region: options.region,
    endpoint: options.endpoint,
    forcePathStyle: options.forcePathStyle,
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    // Trailing checksums are news to several servers; the signed SHA-256 of each part does the same.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: timeouts.connectMs,
      socketTimeout: timeouts.idleMs,
      httpsAgent: { keepAlive: true, maxSockets: 32 },
      httpAgent: { keepAlive: true, maxSockets: 32 },
    },
  });
  const report = remembered(() =>
    checkBucket({
      client,
      bucket: Bucket,
      endpoint: options.endpoint,
      publicUrl,
      pageOrigin: options.pageOrigin,
    }),
  );

  /** `null` when there is none. */
  async function head(Key: string) {
    try {
      return await client.send(new HeadObjectCommand({ Bucket, Key }));
    } catch (error) {
      if (isMissing(error)) return null;
      throw wrap(error, `cannot look at ${Key}`);
    }
  }

  /** `null` when there is none. */
  async function open(
    Key: string,
    range?: ByteRange | { start: number },
    abortSignal?: AbortSignal,
  ): Promise<Readable | null> {
    const Range = range && `bytes=${range.start}-${'end' in range ? range.end : ''}`;
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, Range }), { abortSignal });
      if (!(Body instanceof Readable)) throw new Error('The answer has no body.');
      return Body;
    } catch (error) {
      if (isMissing(error)) return null;
      throw wrap(error, `cannot read ${Key}`);
    }
  }

  /** The bytes to the end, also when connections break on the way: a new one takes up where the last one ended. */
  async function* bytes(
    key: string,
    first: Readable,
    range: ByteRange | undefined,
    gone: AbortSignal,
  ): AsyncGenerator<Buffer, void> {
    let position = range?.start ?? 0;
    let body: Readable | null = first;
    gone.addEventListener('abort', () => body?.destroy());
    for (let attempt = 1; ; attempt++) {
      try {
        for await (const chunk of body) {
          position += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        body.destroy();
        if (gone.aborted) return;
        if (attempt >= ATTEMPTS) throw wrap(error, `cannot read ${key} to its end`);
        if (range && position > range.end) return;
        body = await open(key, { start: position, ...(range && { end: range.end }) }, gone);
        if (!body) throw wrap(error, `${key} went away while it was read`);
      }
    }
  }

  /**
   * Parts of an upload that failed cost money and are seen by nobody. Keys are used once, so every unfinished upload under
   * this one is ours. What cannot be aborted now is left to the bucket's lifecycle rule.
   */
  async function abortUploads(Key: string): Promise<void> {
    try {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
      for (const { UploadId } of Uploads)
        await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    } catch {
      // The failure that led here is the one to tell.
    }
  }

  return {
    backend: BACKEND,

    async put(key, path, { downloadName }) {
      assertKey(BACKEND, key);
      const ticket = randomUUID();
      // Not every server heeds the condition when an upload in parts is completed.
      if (await head(key)) throw alreadyThere(key);
      const body = createReadStream(path, { highWaterMark: 1024 * 1024 });
      try {
        const upload = new Upload({
          client,
          partSize: PART_BYTES,
          queueSize: PARTS_AT_ONCE,
          params: {
            Bucket,
            Key: key,
            Body: body,
            // Of the key and not of what anybody declared: never one that a browser would run as a page.
            ContentType: contentTypeOf(key),
            CacheControl: 'public, max-age=31536000, immutable',
            ContentDisposition: contentDisposition('inline', downloadName || key),
            IfNoneMatch: '*',
            Metadata: { ticket },
          },
        });
        await upload.done();
      } catch (error) {
        // When only the answer was lost, the object is there and ours, and the next try was refused.
        const there = await head(key).catch(() => null);
        if (there?.Metadata?.['ticket'] === ticket) return;
        if (there) throw alreadyThere(key);
        await abortUploads(key);
        throw wrap(error, `cannot store ${key}`);
      } finally {
        body.destroy();
      }
    },

    async info(key) {
      assertKey(BACKEND, key);
      const found = await head(key);
      if (!found) return null;
      const { ContentLength: size, ContentType: contentType, LastModified: lastModified } = found;
      if (size === undefined || contentType === undefined || !lastModified)
        throw new StorageError(BACKEND, 'failed', `the storage says too little about ${key}`);
      return { key, size, contentType, lastModified };
    },

    async read(key, range) {
      assertKey(BACKEND, key);
      const first = await open(key, range);
      return first && readableOf(first, (gone) => bytes(key, first, range, gone));
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
          // Somebody else's object is neither ours to show nor to sweep away.
          if (key === undefined || !OBJECT_KEY.test(key)) continue;
          if (size === undefined || !lastModified)
            throw new StorageError(BACKEND, 'failed', `the storage says too little about ${key}`);
          yield { key, size, contentType: contentTypeOf(key), lastModified };
        }
        ContinuationToken = page.NextContinuationToken;
        if (page.IsTruncated && ContinuationToken === undefined)
          throw new StorageError(BACKEND, 'failed', 'the list of the bucket ends before its end');
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
          // Somebody else's upload in the same bucket is not ours to end.
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

    publicUrl: (key) => `${publicUrl}/${key}`,

    async elsewhere(key, downloadName) {
      assertKey(BACKEND, key);
      if (downloadName === undefined) return `${publicUrl}/${key}`;
      // Only a signed request may ask for other headers than the stored ones.
      const ResponseContentDisposition = contentDisposition('attachment', downloadName);
      const command = new GetObjectCommand({ Bucket, Key: key, ResponseContentDisposition });
      // By the storage's clock, as far as an earlier answer told it.
      const signingDate = new Date(Date.now() + client.config.systemClockOffset);
      return getSignedUrl(client, command, { expiresIn: DOWNLOAD_LINK_S, signingDate });
    },

    problem: async () => (await report()).problem,
    advice: async () => (await report()).advice,
  };
}

/**
 * A stream of what a generator yields, whose `destroy` ends the connection at once. `Readable.from` would wait until the generator
 * has its next chunk, and would leave `first` open where nothing was read yet.
 */
function readableOf(first: Readable, chunksUntil: (gone: AbortSignal) => AsyncIterator<Buffer>): Readable {
  const gone = new AbortController();
  const chunks = chunksUntil(gone.signal);
  return new Readable({
    read() {
      chunks.next().then(
        ({ done, value }) => this.push(done === true ? null : value),
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
    destroy(error, done) {
      first.destroy();
      gone.abort();
      done(error);
    },
  });
}

const alreadyThere = (key: string) => new StorageError(BACKEND, 'exists', `${key} exists already`);

const isMissing = (error: unknown) =>
  error instanceof S3ServiceException && ['NoSuchKey', 'NotFound', 'NoSuchUpload'].includes(error.name);

function wrap(error: unknown, message: string): StorageError {
  if (error instanceof StorageError) return error;
  const reason = error instanceof Error ? `: ${error.name} ${error.message}` : '';
  return new StorageError(BACKEND, 'failed', message + reason, error);
}

/** One check at a time, whose result holds for a while. */
function remembered(check: () => Promise<BucketReport>): () => Promise<BucketReport> {
  let last: Promise<BucketReport> | undefined;
  let until = 0;
  const look = async () => {
    until = Infinity;
    const result = await check();
    until = performance.now() + (result.problem === null ? WELL_FOR_MS : UNWELL_FOR_MS);
    return result;
  };
  return () => (last = last && performance.now() < until ? last : look());
}
