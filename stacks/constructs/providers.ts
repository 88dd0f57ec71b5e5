import type { Construct } from 'constructs';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { ScalewayProvider } from '../../.gen/providers/scaleway/provider/index.ts';
import type { BaseStack } from '../base.stack.ts';

/** @cdktf/provider-aws was generated from this version; its own constraint accepts any 6.x. */
const AWS_VERSION = '6.25.0';

/**
 * The Scaleway provider. Credentials come from SCW_ACCESS_KEY and SCW_SECRET_KEY. The environment
 * (SCW_DEFAULT_PROJECT_ID, SCW_DEFAULT_REGION) overrides this block. Every resource therefore names
 * its project and region itself.
 */
export function scalewayProvider(scope: Construct, props: { projectId: string; region: string }): void {
  new ScalewayProvider(scope, 'scaleway', props);
}

/**
 * The AWS provider, for one DNS record. Credentials come from AWS_ACCESS_KEY_ID and
 * AWS_SECRET_ACCESS_KEY. The account lookup is skipped: the record needs no account id, so a plan
 * needs rights on the record only.
 */
export function awsProvider(stack: BaseStack): void {
  new AwsProvider(stack, 'aws', {
    // Route 53 is global; the provider needs any region to sign for.
    region: 'eu-north-1',
    skipCredentialsValidation: true,
    skipRequestingAccountId: true,
    skipMetadataApiCheck: 'true',
  });
  // "aws" alone means another registry to Terraform than to OpenTofu.
  stack.addOverride('terraform.required_providers.aws.source', 'registry.opentofu.org/hashicorp/aws');
  stack.addOverride('terraform.required_providers.aws.version', AWS_VERSION);
}
