import { z } from 'zod';
import { Problem } from './problem.ts';
import type { Surroundings } from './surroundings.ts';

const API = 'https://api.scaleway.com';

/** The operator's own key, and the ids that follow from it. */
export interface Account {
  accessKey: string;
  secretKey: string;
  organizationId: string;
  projectId: string;
  userId: string;
}

const apiKey = z.object({ user_id: z.string().nullish(), default_project_id: z.string() });
const iamUser = z.object({ organization_id: z.string() });

/**
 * Asks whose key it is. https://www.scaleway.com/en/developers/api/iam/
 *
 * @throws Problem if the key opens nothing, or is no person's
 */
export async function readAccount(on: Surroundings): Promise<Account> {
  const accessKey = await on.answers.get('SCW_ACCESS_KEY');
  const secretKey = await on.answers.get('SCW_SECRET_KEY');
  const ask = async (path: string): Promise<unknown> => {
    const response = await on.fetch(`${API}${path}`, { headers: { 'x-auth-token': secretKey } });
    if (response.ok) return response.json();
    throw new Problem(
      `Scaleway refuses the key (${response.status}): make an API key of your own as Owner, and give both of its halves.`,
    );
  };
  const key = apiKey.parse(await ask(`/iam/v1alpha1/api-keys/${encodeURIComponent(accessKey)}`));
  if (!key.user_id)
    throw new Problem('The Scaleway key belongs to an application: make one of your own user, as Owner.');
  const user = iamUser.parse(await ask(`/iam/v1alpha1/users/${key.user_id}`));
  return {
    accessKey,
    secretKey,
    organizationId: user.organization_id,
    projectId: on.answers.given('SCW_DEFAULT_PROJECT_ID') ?? key.default_project_id,
    userId: key.user_id,
  };
}

/** Returns the environment in which OpenTofu acts as the operator. */
export const asOperator = (account: Account): Record<string, string> => ({
  SCW_ACCESS_KEY: account.accessKey,
  SCW_SECRET_KEY: account.secretKey,
  SCW_DEFAULT_ORGANIZATION_ID: account.organizationId,
  SCW_DEFAULT_PROJECT_ID: account.projectId,
  TF_VAR_project_id: account.projectId,
  TF_VAR_operator_user_id: account.userId,
});
