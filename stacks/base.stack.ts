import type { Node } from 'constructs';
import { TerraformElement, TerraformStack } from 'cdktf';

/** 1.10 is the first OpenTofu whose S3 backend locks with a file in the bucket instead of a DynamoDB table. */
const REQUIRED_VERSION = '>= 1.10';

/**
 * What both stacks have in common, and the only place that leans on how CDKTF names things: when the project moves
 * to cdk-terrain, this file is the one to look at.
 */
export class BaseStack extends TerraformStack {
  /** Sets the required version of OpenTofu. Call last in a constructor: it needs the backend in place. */
  protected requireVersion(): void {
    this.addOverride('terraform.required_version', REQUIRED_VERSION);
  }

  /**
   * Addresses without CDKTF's hashes (`scaleway_object_bucket.media_bucket`), since people type them into
   * `tofu state` and `-replace`, and variables and outputs must be named as documented.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    const path = node.scopes.slice(node.scopes.indexOf(this) + 1);
    return path.map((scope) => scope.node.id).join('_');
  }
}
