import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProviderSchema } from '../../support/servers/stand-in-provider/schema.ts';
import { awsSchema } from './aws-schema.ts';

const file = join(import.meta.dirname, '../../../stacks/scaleway.schema.json');
const printed: { provider_schemas: Record<string, ProviderSchema> } = JSON.parse(readFileSync(file, 'utf8'));

/** The providers of the stacks: source address, version of the schema, schema. */
export const providers = [
  ...Object.entries(printed.provider_schemas).map(([source, schema]) => ({
    source,
    version: '2.81.0',
    schema,
  })),
  { source: 'registry.opentofu.org/hashicorp/aws', version: '6.25.0', schema: awsSchema() },
];

/**
 * `terraform_data` is part of OpenTofu and needs no provider:
 * https://opentofu.org/docs/language/resources/tf-data/
 */
export const builtin: ProviderSchema = {
  provider: { version: 0, block: {} },
  resource_schemas: {
    terraform_data: {
      version: 0,
      block: {
        attributes: {
          id: { type: 'string', computed: true },
          input: { type: 'dynamic', optional: true },
          output: { type: 'dynamic', computed: true },
          triggers_replace: { type: 'dynamic', optional: true },
        },
      },
    },
  },
  data_source_schemas: {},
};
