import { Construct } from 'constructs';
import { IamApiKey } from '../../.gen/providers/scaleway/iam-api-key/index.ts';
import { IamApplication } from '../../.gen/providers/scaleway/iam-application/index.ts';
import { IamPolicy } from '../../.gen/providers/scaleway/iam-policy/index.ts';

/**
 * The permission sets in use. They are Scaleway's finest grain, and all are confined to one
 * project: https://www.scaleway.com/en/docs/iam/reference-content/permission-sets/
 */
type PermissionSet =
  | 'ContainersFullAccess'
  | 'ContainerRegistryFullAccess'
  | 'ContainerRegistryReadOnly'
  | 'ObservabilityFullAccess'
  | 'ObservabilityReadOnly'
  | 'ObjectStorageBucketPolicyFullAccess'
  | 'ObjectStorageBucketsRead'
  | 'ObjectStorageBucketsWrite'
  | 'ObjectStorageObjectsDelete'
  | 'ObjectStorageObjectsRead'
  | 'ObjectStorageObjectsWrite';

export interface ServiceAccountProps {
  name: string;
  description: string;
  projectId: string;
  permissions: readonly PermissionSet[];
  /** Names of its API keys, oldest first; `accessKey` and `secretKey` are the last one's. */
  keys: readonly [string, ...string[]];
}

/** A machine user: an IAM application, its permissions in one project, and its API keys. */
export class ServiceAccount extends Construct {
  readonly applicationId: string;
  readonly organizationId: string;
  readonly accessKey: string;
  readonly secretKey: string;

  constructor(scope: Construct, id: string, props: ServiceAccountProps) {
    super(scope, id);
    const application = new IamApplication(this, 'application', {
      name: props.name,
      description: props.description,
    });
    new IamPolicy(this, 'policy', {
      name: props.name,
      description: props.description,
      applicationId: application.id,
      rule: [{ projectIds: [props.projectId], permissionSetNames: [...props.permissions].sort() }],
    });

    const createKey = (name: string): IamApiKey =>
      new IamApiKey(this, `key_${name}`, {
        applicationId: application.id,
        description: `${props.name}, key ${name}`,
        // Object Storage takes the project from the key, not from the request.
        defaultProjectId: props.projectId,
      });
    const [first, ...later] = props.keys;
    let current = createKey(first);
    for (const name of later) current = createKey(name);

    this.applicationId = application.id;
    this.organizationId = application.organizationId;
    this.accessKey = current.accessKey;
    this.secretKey = current.secretKey;
  }
}
