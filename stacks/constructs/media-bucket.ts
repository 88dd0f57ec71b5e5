import { Construct } from 'constructs';
import { ObjectBucket } from '../../.gen/providers/scaleway/object-bucket/index.ts';
import { ObjectBucketPolicy } from '../../.gen/providers/scaleway/object-bucket-policy/index.ts';
import { bucketPolicy } from './bucket-policy.ts';

export interface MediaBucketProps {
  name: string;
  region: string;
  projectId: string;
  /** Origin of the site, for CORS: a script of the page reads pictures for the clipboard. */
  siteUrl: string;
  /** IAM application of the app's key. */
  mediaApplicationId: string;
  /** IAM application that applies this stack. */
  releaseApplicationId: string;
  abortUploadsAfterDays: number;
  deletedFilesDays: number;
  protectData: boolean;
}

/**
 * The bucket of originals, thumbnails and posters. Anyone may fetch an object by its key; only the
 * app may list keys.
 *
 * It uses a bucket policy and **not** the ACL `public-read`. Media URLs are public but unguessable
 * (random keys). That ACL makes a bucket's *listing* public: one GET would show every key.
 */
export class MediaBucket extends Construct {
  readonly bucket: ObjectBucket;
  readonly policy: ObjectBucketPolicy;

  constructor(scope: Construct, id: string, props: MediaBucketProps) {
    super(scope, id);
    this.bucket = this.createBucket(props);
    this.policy = this.createPolicy(props);
  }

  private createBucket(props: MediaBucketProps): ObjectBucket {
    return new ObjectBucket(this, 'bucket', {
      name: props.name,
      region: props.region,
      projectId: props.projectId,
      // The app's key cannot delete versions, so every change by the app, or with its key, can be
      // undone.
      versioning: { enabled: true },
      corsRule: [
        {
          allowedOrigins: [props.siteUrl],
          allowedMethods: ['GET', 'HEAD'],
          allowedHeaders: ['Range'],
          exposeHeaders: ['Content-Length', 'Content-Range', 'ETag'],
          maxAgeSeconds: 3600,
        },
      ],
      lifecycleRule: [
        {
          id: 'abort-stale-uploads',
          enabled: true,
          abortIncompleteMultipartUploadDays: props.abortUploadsAfterDays,
        },
        {
          id: 'expire-deleted-files',
          enabled: true,
          noncurrentVersionExpiration: { noncurrentDays: props.deletedFilesDays },
        },
      ],
      lifecycle: { preventDestroy: props.protectData },
    });
  }

  private createPolicy(props: MediaBucketProps): ObjectBucketPolicy {
    const app = `application_id:${props.mediaApplicationId}` as const;
    const release = `application_id:${props.releaseApplicationId}` as const;
    return new ObjectBucketPolicy(this, 'policy', {
      bucket: this.bucket.name,
      region: props.region,
      projectId: props.projectId,
      policy: bucketPolicy(this.bucket.name, [
        { sid: 'AnyoneFetchesByKey', principal: '*', actions: ['s3:GetObject'], on: ['objects'] },
        {
          sid: 'AppKeepsObjects',
          principal: app,
          actions: [
            's3:GetObject',
            's3:PutObject',
            's3:DeleteObject',
            's3:AbortMultipartUpload',
            's3:ListMultipartUploadParts',
          ],
          on: ['objects'],
        },
        // HeadBucket asks for this too.
        {
          sid: 'AppComparesObjectsWithRows',
          principal: app,
          actions: ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
          on: ['bucket'],
        },
        // All of the bucket's settings, none of its objects. A refresh that cannot read a setting
        // fails the plan.
        { sid: 'ReleaseConfiguresBucket', principal: release, actions: ['s3:*'], on: ['bucket'] },
      ]),
    });
  }
}
