import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text as readText } from 'node:stream/consumers';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awsKeys } from '../../.github/scripts/aws.ts';
import { environments } from '../../stacks/environments.ts';
import { get, isObject, type JsonObject } from '../stacks/support/stack-json.ts';

// Tests how a release signs in to AWS. A local server answers as GitHub and AWS do.

const ROLE = 'arn:aws:iam::123456789012:role/release';

async function servers(answer: { status: number; body: string }) {
  const asked: string[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    asked.push(
      `${request.method} ${request.url} ${request.headers.authorization ?? ''} ${await readText(request)}`,
    );
    if (request.url?.startsWith('/token')) response.end(JSON.stringify({ value: 'github-token' }));
    else response.writeHead(answer.status).end(answer.body);
  };
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    asked,
    keys: () =>
      awsKeys({ role: ROLE, tokenUrl: `${url}/token?id=1`, tokenRequest: 'ask', sts: `${url}/sts` }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('a release at AWS', () => {
  it('gets keys for an hour by the word of GitHub, and stores none', async () => {
    const body = `<AssumeRoleWithWebIdentityResponse><Credentials><SessionToken>session</SessionToken>
<SecretAccessKey>secret</SecretAccessKey><AccessKeyId>ASIAKEY</AccessKeyId></Credentials></AssumeRoleWithWebIdentityResponse>`;
    await using server = await servers({ status: 200, body });
    expect(await server.keys()).toEqual({
      AWS_ACCESS_KEY_ID: 'ASIAKEY',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
    });
    expect(server.asked[0]).toBe('GET /token?id=1&audience=sts.amazonaws.com Bearer ask ');
    expect(server.asked[1]).toContain('WebIdentityToken=github-token');
    expect(server.asked[1]).toContain(`RoleArn=${encodeURIComponent(ROLE)}`);
  });

  it("fails with AWS's reason", async () => {
    const body = '<ErrorResponse><Error><Message>Not authorized to perform</Message></Error></ErrorResponse>';
    await using server = await servers({ status: 403, body });
    await expect(server.keys()).rejects.toThrow(`AWS refused the role ${ROLE}: Not authorized to perform.`);
  });
});

describe('the role', () => {
  const template: JsonObject = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../stacks/aws-role.json'), 'utf8'),
  );
  const role = 'Resources.Role.Properties';

  it('is for jobs of this repository in the environment that guards production', () => {
    const [statement] = [get(template, `${role}.AssumeRolePolicyDocument.Statement.0`)];
    const condition = get(statement ?? null, 'Condition');
    expect(condition).toEqual({
      StringEquals: {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': {
          'Fn::Sub': 'repo:${Repository}:environment:production',
        },
      },
    });
  });

  it('may change the one record of the site, in the one zone', () => {
    const statements = get(template, `${role}.Policies.0.PolicyDocument.Statement`);
    const changes = (Array.isArray(statements) ? statements : [])
      .filter(isObject)
      .filter(({ Action }) => JSON.stringify(Action).includes('Change'));
    expect(changes).toHaveLength(2);
    expect(changes[0]).toMatchObject({
      Resource: { 'Fn::Sub': 'arn:aws:route53:::hostedzone/${Zone}' },
      Condition: {
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': [environments.production.hostname],
          'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME'],
        },
      },
    });
    expect(changes[1]).toMatchObject({ Action: 'route53:GetChange' });
  });
});
