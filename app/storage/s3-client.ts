import { S3Client } from '@aws-sdk/client-s3';

/** The place and the key of a bucket. */
export interface S3Access {
  bucket: string;
  region: string;
  /** Address of the S3 API. */
  endpoint: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Puts the bucket into the path instead of the host name. */
  forcePathStyle: boolean;
  /** Shorter in tests. */
  timeouts?: { connectMs: number; idleMs: number };
}

/**
 * S3's minimum part size. An upload holds at most {@link MAX_PARALLEL_PARTS} parts, twice while
 * one is assembled.
 */
export const PART_BYTES = 5 * 1024 * 1024;
export const MAX_PARALLEL_PARTS = 2;
/** Maximum tries of a request. Waits grow from 0.1 s with full jitter. */
const MAX_TRIES = 5;
const TIMEOUTS = { connectMs: 5000, idleMs: 20_000 };

/** Creates the client of a bucket, with the settings that every server of S3 understands. */
export function createS3Client({ timeouts = TIMEOUTS, ...access }: S3Access): S3Client {
  return new S3Client({
    region: access.region,
    endpoint: access.endpoint,
    forcePathStyle: access.forcePathStyle,
    credentials: { accessKeyId: access.accessKeyId, secretAccessKey: access.secretAccessKey },
    maxAttempts: MAX_TRIES,
    retryMode: 'standard',
    // Several servers do not support trailing checksums; the signed SHA-256 of each part does the
    // same.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: timeouts.connectMs,
      socketTimeout: timeouts.idleMs,
      httpsAgent: { keepAlive: true, maxSockets: 32 },
      httpAgent: { keepAlive: true, maxSockets: 32 },
    },
  });
}
