import { Construct } from 'constructs';
import { ObjectBucket } from '../../.gen/providers/scaleway/object-bucket/index.ts';
import { ObjectBucketPolicy } from '../../.gen/providers/scaleway/object-bucket-policy/index.ts';
import { bucketPolicy } from './bucket-policy.ts';

export interface StateBucketProps {
  name: string;
  region: string;
  projectId: string;
  /** IAM application that reads, writes and locks the state. */
  releaseApplicationId: string;
  /** IAM application that reads the state for the plan of a pull request. */
  planApplicationId: string;
  /**
   * The person who runs the bootstrap. Without a statement of their own, even the Owner could not
   * refresh it.
   */
  operatorUserId: string;
  /** Days that a replaced version of a state is kept. */
  historyDays: number;
  protectData: boolean;
}

/**
 * The private bucket of the environments' state, with versions. Scaleway's IAM grants object rights
 * per project, not per bucket. Only this policy keeps the media key away from the state.
 */
export class StateBucket extends Construct {
  readonly bucket: ObjectBucket;

  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    this.bucket = new ObjectBucket(this, 'bucket', {
      name: props.name,
      region: props.region,
      projectId: props.projectId,
      versioning: { enabled: true },
      lifecycleRule: [
        {
          id: 'expire-old-states',
          enabled: true,
          noncurrentVersionExpiration: { noncurrentDays: props.historyDays },
        },
      ],
      lifecycle: { preventDestroy: props.protectData },
    });

    new ObjectBucketPolicy(this, 'policy', {
      bucket: this.bucket.name,
      region: props.region,
      projectId: props.projectId,
      policy: bucketPolicy(this.bucket.name, [
        {
          sid: 'ReleaseKeepsState',
          principal: `application_id:${props.releaseApplicationId}`,
          // Releasing a lock is a delete; versions stay out of reach.
          actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
          on: ['objects'],
        },
        {
          sid: 'ReleaseFindsState',
          principal: `application_id:${props.releaseApplicationId}`,
          actions: ['s3:ListBucket'],
          on: ['bucket'],
        },
        {
          sid: 'PlanReadsState',
          principal: `application_id:${props.planApplicationId}`,
          actions: ['s3:GetObject'],
          on: ['objects'],
        },
        {
          sid: 'PlanFindsState',
          principal: `application_id:${props.planApplicationId}`,
          actions: ['s3:ListBucket'],
          on: ['bucket'],
        },
        {
          sid: 'OperatorKeepsBucket',
          principal: `user_id:${props.operatorUserId}`,
          actions: ['s3:*'],
          on: ['bucket', 'objects'],
        },
      ]),
    });
  }
}
