import { randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { S3StorageOptions } from '../../../app/storage/s3.ts';
import type { S3Server } from './s3-server.ts';

export interface TestBucket {
  options: S3StorageOptions;
  /** The options as environment variables of the app. */
  env: Record<string, string>;
  client: S3Client;
  /** Keys of multipart uploads that were neither completed nor aborted. */
  unfinished(): Promise<string[]>;
  /** Number of objects. */
  size(): Promise<number>;
}

/**
 * Makes a bucket as in production. Anybody may read an object by its key; nobody may list. CORS
 * allows pages of `origin`.
 */
export async function createBucket(
  { endpoint, region, accessKeyId, secretAccessKey }: S3Server,
  { origin, readable = true }: { origin?: string; readable?: boolean } = {},
): Promise<TestBucket> {
  const bucket = `test-${randomBytes(6).toString('hex')}`;
  const options = {
    bucket,
    region,
    endpoint,
    accessKeyId,
    secretAccessKey,
    forcePathStyle: true,
    publicUrl: `${endpoint}/${bucket}`,
    pageOrigin: origin,
  };
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ region, endpoint, forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  if (readable) {
    const anybody = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject' };
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ ...anybody, Resource: `arn:aws:s3:::${bucket}/*` }],
    });
    await client.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  }
  if (origin !== undefined) {
    const rule = { AllowedMethods: ['GET', 'HEAD'], AllowedOrigins: [origin] };
    const CORSConfiguration = { CORSRules: [rule] };
    await client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration }));
  }
  return {
    options,
    env: {
      STORAGE_BACKEND: 's3',
      S3_BUCKET: bucket,
      S3_REGION: region,
      S3_ENDPOINT: endpoint,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
      S3_FORCE_PATH_STYLE: 'true',
      S3_PUBLIC_URL: options.publicUrl,
    },
    client,
    async unfinished() {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      return Uploads.map(({ Key = '' }) => Key);
    },
    async size() {
      let count = 0;
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket }))
        count += page.KeyCount ?? 0;
      return count;
    },
  };
}
