import { z } from 'zod';
import type { ReleaseInput } from '../release.inputs.ts';
import { github } from './github.ts';
import type { World } from './step.ts';

const secrets = z.object({ secrets: z.array(z.object({ name: z.string() })) });
const variables = z.object({ variables: z.array(z.object({ name: z.string(), value: z.string() })) });
const LIST = '?per_page=100';

/** Returns the names of the secrets that GitHub has. Nobody can read their values. */
export async function storedSecrets(
  on: World,
  environment: ReleaseInput['environment'],
): Promise<Set<string>> {
  const { hasEnvironments } = await on.facts.repository();
  const path = hasEnvironments ? `environments/${environment}/secrets` : 'actions/secrets';
  const found = await github(on, secrets, `repos/{owner}/{repo}/${path}${LIST}`);
  return new Set(found?.secrets.map(({ name }) => name) ?? []);
}

/** Returns the variables that GitHub has, with their values. */
export async function storedVariables(on: World): Promise<Map<string, string>> {
  const found = await github(on, variables, `repos/{owner}/{repo}/actions/variables${LIST}`);
  return new Map(found?.variables.map(({ name, value }) => [name, value]) ?? []);
}
