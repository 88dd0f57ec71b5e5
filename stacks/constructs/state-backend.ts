import { S3Backend } from 'cdktf';
import type { BaseStack } from '../base.stack.ts';
import { s3Endpoint, type SharedSettings } from '../environments.ts';

/**
 * Keeps a stack's state in the state bucket. A file beside it locks it by a conditional PUT, which
 * Scaleway supports since May 2026. Two applies never run at once, without a lock table.
 *
 * `tofu init` gets the keys as `-backend-config=access_key=… -backend-config=secret_key=…`. The
 * backend would read AWS_ACCESS_KEY_ID, but that belongs to Route 53.
 */
export function stateBackend(
  stack: BaseStack,
  props: { settings: SharedSettings; environment: string },
): void {
  new S3Backend(stack, {
    bucket: props.settings.stateBucket,
    key: `${props.environment}.tfstate`,
    region: props.settings.region,
    endpoints: { s3: s3Endpoint(props.settings.region) },
    usePathStyle: true,
    // This is not AWS: it has no STS, no instance metadata, and an unknown region name.
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
    skipS3Checksum: true,
  });
  // Newer than cdktf's own types.
  stack.addOverride('terraform.backend.s3.use_lockfile', true);
}
