import { z } from 'zod';

/** Values of GitHub for a job that may ask for a token: `permissions: id-token: write`. */
interface Options {
  /** `arn:aws:iam::ACCOUNT:role/NAME`. */
  role: string;
  tokenUrl: string;
  tokenRequest: string;
  /** `https://sts.amazonaws.com`. */
  sts: string;
}

const token = z.object({ value: z.string() });

/**
 * Signs in to AWS as a role, by GitHub's word about the running job. The keys end within the hour,
 * so none is stored at GitHub.
 * https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 *
 * @returns the keys, by their names in the environment
 * @throws if GitHub or AWS refuses; AWS's reason is in the message
 */
export async function awsKeys({
  role,
  tokenUrl,
  tokenRequest,
  sts,
}: Options): Promise<Record<string, string>> {
  const asked = await fetch(`${tokenUrl}&audience=sts.amazonaws.com`, {
    headers: { authorization: `Bearer ${tokenRequest}` },
  });
  if (!asked.ok) throw new Error(`GitHub gave no token for AWS (${asked.status}).`);
  const response = await fetch(sts, {
    method: 'POST',
    body: new URLSearchParams({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: role,
      RoleSessionName: 'meemikansio-release',
      WebIdentityToken: token.parse(await asked.json()).value,
    }),
  });
  const answer = await response.text();
  const element = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer)?.[1] ?? '';
  if (!response.ok)
    throw new Error(`AWS refused the role ${role}: ${element('Message') || response.status}.`);
  return {
    AWS_ACCESS_KEY_ID: element('AccessKeyId'),
    AWS_SECRET_ACCESS_KEY: element('SecretAccessKey'),
    AWS_SESSION_TOKEN: element('SessionToken'),
  };
}
