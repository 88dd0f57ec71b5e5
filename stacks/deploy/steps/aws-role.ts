import { z } from 'zod';
import { Problem } from '../problem.ts';
import { aws } from '../route53.ts';
import type { Step, World } from '../step.ts';
import { printed } from '../surroundings.ts';

const STACK = 'meemikansio-release';
/** Roles belong to no region, and stacks do: every run looks in the same one. */
const REGION = ['--region', 'eu-north-1'];
const GITHUB = 'token.actions.githubusercontent.com';

const stacks = z.object({
  Stacks: z.array(
    z.object({
      StackStatus: z.string(),
      Outputs: z.array(z.object({ OutputValue: z.string() })).optional(),
    }),
  ),
});
const providers = z.object({ OpenIDConnectProviderList: z.array(z.object({ Arn: z.string() })) });

/** Returns the role that the releases take; null if it is not made. */
export async function roleArn(on: World): Promise<string | null> {
  const given = on.answers.given('AWS_ROLE_ARN');
  if (given !== null) return given;
  const args = ['cloudformation', 'describe-stacks', '--stack-name', STACK, ...REGION, '--output', 'json'];
  const { code, stdout, stderr } = await on.run('aws', args);
  if (code !== 0 && stderr.includes('does not exist')) return null;
  if (code !== 0)
    throw new Problem(`AWS does not tell its stacks (${stderr.trim()}): look at the rights of its key.`);
  const [found] = stacks.parse(JSON.parse(stdout)).Stacks;
  if (found?.StackStatus.startsWith('ROLLBACK'))
    throw new Problem(
      `The stack ${STACK} at AWS has failed: run "aws cloudformation delete-stack --stack-name ${STACK} ${REGION.join(' ')}", then this again.`,
    );
  return found?.Outputs?.[0]?.OutputValue ?? null;
}

/** The role at AWS that may change one record, and that only releases of this repository take. */
export const awsRole: Step = {
  title: 'Role at AWS',
  async plan(on) {
    if ((await roleArn(on)) !== null) return [];
    const [zone, { name }] = [await on.facts.zone(), await on.facts.repository()];
    const list = ['iam', 'list-open-id-connect-providers'];
    const { OpenIDConnectProviderList: known } = await aws(on, providers, list);
    const there = known.some(({ Arn }) => Arn.endsWith(GITHUB));
    const given = [`Zone=${zone.id}`, `Repository=${name}`, ...(there ? ['Provider=there'] : [])];
    return [
      {
        say: `Make the stack ${STACK} at AWS of stacks/aws-role.json (${given.join(', ')}).`,
        do: async () => {
          const template = ['--template-file', 'stacks/aws-role.json', '--stack-name', STACK, ...REGION];
          const options = ['--capabilities', 'CAPABILITY_IAM', '--parameter-overrides', ...given];
          await printed(on, 'aws', ['cloudformation', 'deploy', ...template, ...options], { show: true });
        },
      },
    ];
  },
};
