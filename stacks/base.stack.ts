import type { Node } from 'constructs';
import { TerraformElement, TerraformStack } from 'cdktf';

/** 1.10 is the first OpenTofu whose S3 backend locks with a file instead of a DynamoDB table. */
const REQUIRED_VERSION = '>= 1.10';

/**
 * Base of both stacks, and the only code that depends on CDKTF's naming. A move to cdk-terrain
 * starts in this file.
 */
export class BaseStack extends TerraformStack {
  /** Sets the required version of OpenTofu. Call it last in a constructor: it needs the backend. */
  protected requireVersion(): void {
    this.addOverride('terraform.required_version', REQUIRED_VERSION);
  }

  /**
   * Builds addresses without CDKTF's hashes (`scaleway_object_bucket.media_bucket`). People type
   * them into `tofu state` and `-replace`, and variables and outputs need their documented names.
   */
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    const path = node.scopes.slice(node.scopes.indexOf(this) + 1);
    return path.map((scope) => scope.node.id).join('_');
  }
}
