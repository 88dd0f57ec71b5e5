import type { Construct } from 'constructs';
import { TerraformResource } from 'cdktf';

/**
 * OpenTofu's own `terraform_data`: no provider, no cloud, only an id that is new whenever one of the values changes.
 * https://opentofu.org/docs/language/resources/tf-data/
 *
 * cdktf has a class for it (`DataResource`), which runs `terraform version` in every synth and fails where there is only
 * OpenTofu.
 */
export class Rollout extends TerraformResource {
  readonly #triggers: Record<string, unknown>;

  constructor(scope: Construct, id: string, triggers: Record<string, unknown>) {
    super(scope, id, { terraformResourceType: 'terraform_data' });
    this.#triggers = triggers;
  }

  /** Differs from rollout to rollout; unknown in a plan that makes a new one. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { triggers_replace: this.#triggers };
  }
}
