import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';

/** The result of a bucket check; `null` means no fault. */
export interface BucketReport {
  /** A fault that keeps pictures from being stored or shown. */
  problem: string | null;
  /** A setting that makes some function work less well. */
  warning: string | null;
}

interface CheckedBucket {
  client: S3Client;
  bucket: string;
  endpoint: string;
  publicUrl: string;
  /** Origin of the page whose scripts read objects; if unset, CORS is not checked. */
  pageOrigin: string | undefined;
}

const TIMEOUT_MS = 10_000;
/** Clocks differ slightly everywhere; S3 refuses requests beyond 15 minutes. */
const TOLERATED_SKEW_MS = 60_000;

/** Lifetime of a good check result: requests to `/api/ready` must not cause constant writes. */
const HEALTHY_TTL_MS = 60_000;
const FAULTY_TTL_MS = 5000;

/** Returns the check of a bucket. It runs once at a time, and its result is cached for a while. */
export function createBucketCheck(checked: CheckedBucket): () => Promise<BucketReport> {
  let last: Promise<BucketReport> | undefined;
  let until = 0;
  const look = async () => {
    until = Infinity;
    const result = await checkBucket(checked);
    until = performance.now() + (result.problem === null ? HEALTHY_TTL_MS : FAULTY_TTL_MS);
    return result;
  };
  return () => (last = last && performance.now() < until ? last : look());
}

/** Writes an object, reads it anonymously, and deletes it. Never throws. */
async function checkBucket(checked: CheckedBucket): Promise<BucketReport> {
  const { client, bucket, publicUrl } = checked;
  const key = `${randomUUID()}.bin`;
  const content = randomUUID();
  try {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
  } catch (error) {
    return { problem: sentenceFor(error, checked), warning: null };
  }
  try {
    return await lookAsAnybody(`${publicUrl}/${key}`, content, checked);
  } finally {
    // The nightly sweep removes an object that cannot be deleted now.
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })).catch(() => {});
  }
}

async function lookAsAnybody(
  url: string,
  content: string,
  { pageOrigin, publicUrl, bucket }: CheckedBucket,
): Promise<BucketReport> {
  const answered = await fetch(url, {
    headers: pageOrigin === undefined ? {} : { origin: pageOrigin },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).then(
    async (response) => ({ response, body: await response.text() }),
    () => null,
  );
  if (!answered) {
    const problem = `The public address ${publicUrl} does not answer: check S3_PUBLIC_URL (or S3_BUCKET and S3_REGION).`;
    return { problem, warning: null };
  }
  const { response, body } = answered;
  if (response.status === 401 || response.status === 403) {
    const problem = `The bucket ${bucket} is not readable without credentials, so no picture can be shown. Give it a policy that allows s3:GetObject to everyone.`;
    return { problem, warning: null };
  }
  if (!response.ok || body !== content) {
    const problem = `The public address ${publicUrl} does not serve the bucket ${bucket} (it answered ${response.status}): check S3_PUBLIC_URL.`;
    return { problem, warning: null };
  }
  return { problem: null, warning: clockAdvice(response) ?? corsAdvice(response, pageOrigin) };
}

function clockAdvice(response: Response): string | null {
  const skew = Date.now() - Date.parse(response.headers.get('date') ?? '');
  if (!(Math.abs(skew) > TOLERATED_SKEW_MS)) return null;
  const minutes = Math.round(Math.abs(skew) / 60_000);
  return `The clock of this machine is ${minutes} min ${skew > 0 ? 'ahead of' : 'behind'} the storage's: set it.`;
}

function corsAdvice(response: Response, pageOrigin: string | undefined): string | null {
  if (pageOrigin === undefined) return null;
  const allowed = response.headers.get('access-control-allow-origin');
  if (allowed === '*' || allowed === pageOrigin) return null;
  return `Pictures cannot be copied to the clipboard: the bucket's CORS rules do not allow GET from ${pageOrigin}.`;
}

/**
 * Explains an error. The SDK's error names are S3's codes:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
function sentenceFor(error: unknown, { bucket, endpoint }: CheckedBucket): string {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'InvalidAccessKeyId':
      return 'The storage does not know the access key: check S3_ACCESS_KEY_ID.';
    case 'SignatureDoesNotMatch':
      return 'The storage refuses the secret of the access key: check S3_SECRET_ACCESS_KEY (and S3_REGION).';
    case 'AuthorizationHeaderMalformed':
      return 'The storage expects another region: check S3_REGION.';
    case 'NoSuchBucket':
    case 'NotFound':
      return `There is no bucket ${bucket} at ${endpoint}: check S3_BUCKET, S3_REGION and S3_ENDPOINT.`;
    case 'RequestTimeTooSkewed':
    case 'RequestExpired':
      return 'The clock of this machine differs from that of the storage by more than 15 minutes. Set the clock.';
    case 'AccessDenied':
    case 'Forbidden':
      return `The access key may not write to the bucket ${bucket}: check its permissions and the bucket's policy.`;
    case 'PermanentRedirect':
      return `The bucket ${bucket} is in another region: check S3_REGION and S3_ENDPOINT.`;
    case 'QuotaExceeded':
      return `The quota of the bucket ${bucket} is exhausted.`;
  }
  if (error instanceof S3ServiceException && error.$response !== undefined) {
    const status = error.$metadata.httpStatusCode ?? 0;
    if (status >= 500) return `The storage at ${endpoint} fails (${status} ${name}).`;
    return `The storage at ${endpoint} refuses writes to ${bucket}: ${status} ${name}.`;
  }
  const code = systemError.safeParse(error).data?.code ?? name;
  return `The storage at ${endpoint} does not answer (${code}): check S3_ENDPOINT and the network.`;
}

const systemError = z.object({ code: z.string() });
