import { Construct } from 'constructs';
import { ObjectBucket } from '../../.gen/providers/scaleway/object-bucket/index.ts';
import { ObjectBucketPolicy } from '../../.gen/providers/scaleway/object-bucket-policy/index.ts';
import { bucketPolicy } from './bucket-policy.ts';

export interface BackupBucketProps {
  name: string;
  region: string;
  projectId: string;
  /** IAM application of the app's key. */
  mediaApplicationId: string;
  /** IAM application that applies this stack. */
  releaseApplicationId: string;
  /** Days that a backup of each series is kept, by the prefix of its name. */
  days: Readonly<Record<'daily' | 'weekly' | 'monthly', number>>;
  /** Days that an overwritten or expired backup can be restored. */
  deletedFilesDays: number;
  protectData: boolean;
}

/**
 * The private bucket of the encrypted backups. The app may put and list, neither read nor delete: a
 * thief of its key can destroy none. An overwritten one stays as an older version. The rules of the
 * bucket remove old ones.
 */
export class BackupBucket extends Construct {
  readonly bucket: ObjectBucket;
  readonly policy: ObjectBucketPolicy;

  constructor(scope: Construct, id: string, props: BackupBucketProps) {
    super(scope, id);
    this.bucket = new ObjectBucket(this, 'bucket', {
      name: props.name,
      region: props.region,
      projectId: props.projectId,
      versioning: { enabled: true },
      lifecycleRule: [
        ...Object.entries(props.days).map(([series, days]) => ({
          id: `expire-${series}`,
          enabled: true,
          prefix: `${series}/`,
          expiration: { days },
        })),
        {
          id: 'expire-old-versions',
          enabled: true,
          noncurrentVersionExpiration: { noncurrentDays: props.deletedFilesDays },
        },
        { id: 'abort-stale-uploads', enabled: true, abortIncompleteMultipartUploadDays: 1 },
      ],
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
          sid: 'AppStoresBackups',
          principal: app,
          actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
          on: ['objects'],
        },
        { sid: 'AppListsBackups', principal: app, actions: ['s3:ListBucket'], on: ['bucket'] },
        { sid: 'ReleaseConfiguresBucket', principal: release, actions: ['s3:*'], on: ['bucket'] },
      ]),
    });
  }
}
