import type { Construct } from 'constructs';
import { TerraformOutput } from 'cdktf';

/** A value that a stack prints after an apply. */
export interface Output {
  value: string;
  description: string;
  /** Only `tofu output -raw NAME` shows it. */
  sensitive?: true;
}

/** Declares a stack's outputs under their names. */
export function declareOutputs(scope: Construct, outputs: Record<string, Output>): void {
  for (const [name, output] of Object.entries(outputs)) new TerraformOutput(scope, name, output);
}
