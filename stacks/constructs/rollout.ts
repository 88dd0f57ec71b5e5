import type { Construct } from 'constructs';
import { TerraformResource } from 'cdktf';

/**
 * OpenTofu's own `terraform_data`: an id that changes whenever one of the values changes, without
 * provider or cloud. https://opentofu.org/docs/language/resources/tf-data/
 *
 * cdktf's class for it (`DataResource`) runs `terraform version` in every synth and fails with
 * OpenTofu alone.
 */
export class Rollout extends TerraformResource {
  readonly #triggers: Record<string, unknown>;

  constructor(scope: Construct, id: string, triggers: Record<string, unknown>) {
    super(scope, id, { terraformResourceType: 'terraform_data' });
    this.#triggers = triggers;
  }

  /** Differs between rollouts; unknown in a plan that creates a new one. */
  get id(): string {
    return this.getStringAttribute('id');
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { triggers_replace: this.#triggers };
  }
}
