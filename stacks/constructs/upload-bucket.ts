import { Construct } from 'constructs';
import { ObjectBucket } from '../../.gen/providers/scaleway/object-bucket/index.ts';
import { ObjectBucketPolicy } from '../../.gen/providers/scaleway/object-bucket-policy/index.ts';
import { bucketPolicy } from './bucket-policy.ts';

export interface UploadBucketProps {
  name: string;
  region: string;
  projectId: string;
  /** IAM application of the app's key. */
  mediaApplicationId: string;
  /** IAM application that applies this stack. */
  releaseApplicationId: string;
  /** Days until a part is removed. The app ends an upload after one day. */
  partDays: number;
  protectData: boolean;
}

/**
 * The private bucket of unfinished uploads. Their parts still have their metadata, so nobody but
 * the app may read them. It has no versions: a removed part is gone.
 */
export class UploadBucket extends Construct {
  readonly bucket: ObjectBucket;
  readonly policy: ObjectBucketPolicy;

  constructor(scope: Construct, id: string, props: UploadBucketProps) {
    super(scope, id);
    this.bucket = new ObjectBucket(this, 'bucket', {
      name: props.name,
      region: props.region,
      projectId: props.projectId,
      lifecycleRule: [{ id: 'expire-parts', enabled: true, expiration: { days: props.partDays } }],
      lifecycle: { preventDestroy: props.protectData },
    });
    const app = `application_id:${props.mediaApplicationId}` as const;
    const release = `application_id:${props.releaseApplicationId}` as const;
    this.policy = new ObjectBucketPolicy(this, 'policy', {
      bucket: this.bucket.name,
      region: props.region,
      projectId: props.projectId,
      policy: bucketPolicy(this.bucket.name, [
        {
          sid: 'AppKeepsParts',
          principal: app,
          actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
          on: ['objects'],
        },
        { sid: 'AppListsParts', principal: app, actions: ['s3:ListBucket'], on: ['bucket'] },
        { sid: 'ReleaseConfiguresBucket', principal: release, actions: ['s3:*'], on: ['bucket'] },
      ]),
    });
  }
}
