import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADDRESSES, deploy, destroySite, type Surroundings } from '../../.github/scripts/deployment.ts';
import { settledDomain } from '../../.github/scripts/domain.ts';
import { deployedRevision, waitForRevision } from '../../.github/scripts/site.ts';
import { tofuIn } from '../../.github/scripts/tofu.ts';
import { standIns } from '../../stacks/release.inputs.ts';
import { WAIT_HANGS_AFTER_MS } from '../support/hang-guard.ts';
import { findTerraform, NO_TERRAFORM } from '../support/terraform.ts';
import { initStack, type AppliedStack } from './support/applied.ts';
import { objectAt } from './support/guarantees.ts';
import { get, productionJson, type Json, type JsonObject } from './support/stack-json.ts';

// Real: the terraform or tofu binary, the synthesized stack, the workflow's script. Replaced: the
// providers, and the platform's interface for domains. The container answers with the image in the
// state.

const terraform = findTerraform();
const commit = (digit: string) => digit.repeat(40);
const DOMAIN = 'fr-par/8c9b2c0e-5f51-4b7e-9a0c-1d2e3f4a5b6c';

let folder: string;
let stack: AppliedStack;
let cloud: Awaited<ReturnType<typeof startCloud>>;

/** A platform that knows the states of a domain, and a container that tells its image. */
async function startCloud(state: () => Promise<JsonObject>) {
  /** States of the domain, one an answer; the last one stays. */
  let domain = ['ready'];
  /** Images that start and do not become ready. */
  const sick = new Set<string>();
  const image = async (): Promise<string> => {
    const resources = get(await state(), 'resources');
    const container = (Array.isArray(resources) ? resources : []).find(
      (resource: Json) => get(resource, 'type') === 'scaleway_container',
    );
    const name = get(container ?? null, 'instances.0.attributes.image');
    return (typeof name === 'string' ? name : '').split(':').at(-1) ?? '';
  };
  const json = (response: ServerResponse, body: unknown, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const answer = async ({ url = '' }: IncomingMessage, response: ServerResponse) => {
    const revision = await image();
    if (url === '/api/health') return json(response, { revision });
    if (url === '/api/ready') return json(response, {}, sick.has(revision) ? 503 : 200);
    if (url !== `/containers/v1/regions/${DOMAIN.replace('/', '/domains/')}`) return json(response, {}, 404);
    const [status = ''] = domain;
    if (domain.length > 1) domain.shift();
    return json(response, { status, error_message: status === 'error' ? 'no CNAME was found' : null });
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    sick,
    setDomain: (...states: string[]) => void (domain = states),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const world = (container: Record<string, unknown>, domain: Record<string, unknown> = {}) =>
  stack.setWorld({
    scaleway_container: { status: 'ready', error_message: '', public_endpoint: cloud.url, ...container },
    scaleway_container_domain: { id: DOMAIN, ...domain },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deployment-'));
  if (!terraform) return;
  stack = await initStack(terraform, folder, productionJson());
  cloud = await startCloud(async () =>
    JSON.parse(await readFile(join(stack.home, 'terraform.tfstate'), 'utf8')),
  );
});
afterAll(async () => {
  cloud?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async (context) => {
  context.skip(!terraform, NO_TERRAFORM);
  cloud.setDomain('ready');
  await world({});
});

/** Records what the script does: the changing commands of OpenTofu, and its words. */
function watched(released: string[] = [], onWarning = async (): Promise<void> => {}) {
  const commands: string[] = [];
  const words: string[] = [];
  const real = tofuIn({ binary: terraform ?? '', stack: stack.home, log: () => {}, env: stack.env });
  let warned = Promise.resolve();
  const on: Surroundings = {
    site: 'https://meemit.mainittu.fi',
    tofu: async (args, given) => {
      await warned;
      if (['apply', 'destroy'].includes(args[0] ?? ''))
        commands.push(
          [...args.filter((arg) => arg !== '-auto-approve'), given?.['TF_VAR_image_tag']?.[0] ?? '']
            .join(' ')
            .trim(),
        );
      return real(args, given);
    },
    revisionOf: deployedRevision,
    // An image that never becomes ready is waited for in vain; any other comes, however slowly.
    waitFor: (address, revision) =>
      waitForRevision(address, revision, {
        timeoutMs: cloud.sick.has(revision) ? 300 : WAIT_HANGS_AFTER_MS,
        intervalMs: 5,
      }),
    domain: (id) => settledDomain(id, { api: cloud.url, secretKey: 'key', timeoutMs: 60_000, intervalMs: 5 }),
    released,
    showPlan: (plan) => words.push(/^Plan: .*$/m.exec(plan)?.[0] ?? 'no plan'),
    tell: (text) => words.push(text),
    warn: (text) => {
      words.push(text);
      warned = onWarning();
    },
  };
  return { on, commands, words };
}

const REPAIR = `apply -replace=${ADDRESSES.domain}`;

describe('a release', () => {
  it('names only resources of the stack', () => {
    for (const address of Object.values(ADDRESSES))
      expect(get(productionJson(), `resource.${address}`), address).toBeDefined();
  });

  it('goes live: one apply of the plan that was shown, and a domain that works', async () => {
    const { on, commands, words } = watched();
    await deploy(on, commit('1'), ADDRESSES.rollout);
    expect(commands).toEqual(['apply release.tfplan']);
    expect(words).toEqual([
      expect.stringMatching(/^Plan: \d+ to add, 0 to change, 0 to destroy\.$/),
      `${on.site} runs ${commit('1')}.`,
    ]);
  });

  it('waits while the domain gets its certificate', async () => {
    cloud.setDomain('creating', 'updating', 'ready');
    const { on, commands } = watched();
    await deploy(on, commit('1'), ADDRESSES.rollout);
    expect(commands).toEqual(['apply release.tfplan']);
  });

  it('makes a domain in error anew by itself, says so, and keeps the image', async () => {
    cloud.setDomain('error', 'ready');
    const { on, commands, words } = watched();
    await deploy(on, commit('2'), ADDRESSES.rollout);
    expect(commands).toEqual(['apply release.tfplan', `${REPAIR} 2`]);
    expect(words).toContain('The domain is "error" (no CNAME was found); making it anew.');
    expect(await deployedRevision(cloud.url)).toBe(commit('2'));
  });

  it('fails when the domain stays in error, and does not take the healthy image back', async () => {
    cloud.setDomain('error');
    const { on, commands } = watched([commit('2'), commit('1')]);
    await expect(deploy(on, commit('3'), ADDRESSES.rollout)).rejects.toThrow(
      /The image runs at http.*, but not at https:\/\/meemit\.mainittu\.fi: the domain is "error" \(no CNAME was found\)\. See "Domain in error"/,
    );
    expect(commands).toEqual(['apply release.tfplan', `${REPAIR} 3`]);
    expect(await deployedRevision(cloud.url)).toBe(commit('3'));
  });

  it('keeps a healthy image though the apply has failed at the domain, and repairs that', async () => {
    await world({}, { '!error': 'could not validate domain' });
    const { on, commands } = watched([commit('3')]);
    await expect(deploy(on, commit('4'), ADDRESSES.domain)).rejects.toThrow(/^tofu apply failed/);
    expect(commands.filter((command) => command.includes(ADDRESSES.rollout))).toEqual([]);
    expect(await deployedRevision(cloud.url)).toBe(commit('4'));
    await world({});
    const again = watched();
    await deploy(again.on, commit('4'), ADDRESSES.rollout);
    expect(again.words.at(-1)).toBe(`${on.site} runs ${commit('4')}.`);
  });

  it('goes back to the image that ran before when the new one does not become ready', async () => {
    cloud.sick.add(commit('5'));
    const { on, commands, words } = watched([commit('5'), commit('4')]);
    await expect(deploy(on, commit('5'), ADDRESSES.rollout)).rejects.toThrow(
      `is not ready (see /api/ready). The site runs ${commit('4')} again.`,
    );
    expect(commands).toEqual(['apply release.tfplan', `apply -replace=${ADDRESSES.rollout} 4`]);
    expect(words.at(-1)).toMatch(/Going back to 4{40}\.$/);
    expect(await deployedRevision(cloud.url)).toBe(commit('4'));
  });

  it('goes back when the platform says that the container does not start', async () => {
    await world({ status: 'error', error_message: 'exited with 1' });
    // The old image starts again.
    const { on, commands } = watched([commit('6'), commit('4')], () => world({}));
    cloud.sick.add(commit('6'));
    await expect(deploy(on, commit('6'), ADDRESSES.rollout)).rejects.toThrow(/runs 4{40} again/);
    expect(commands.at(-1)).toBe(`apply -replace=${ADDRESSES.rollout} 4`);
  });

  it('can be repeated, and can replace the container with its domain', async () => {
    const { on, words } = watched();
    await deploy(on, commit('4'), ADDRESSES.rollout);
    expect(words[0]).toBe('Plan: 1 to add, 1 to change, 1 to destroy.');
    await deploy(on, commit('4'), ADDRESSES.container);
    // A stand-in changes what depends on the container; the provider replaces that too.
    expect(words[2]).toMatch(/^Plan: 1 to add, \d to change, 1 to destroy\.$/);
  });
});

describe('the plan of a pull request', () => {
  it('needs no secret of the app: it shows the container as changed, and no bucket', async () => {
    const env = { ...stack.env, ...standIns(), TF_VAR_image_tag: commit('4') };
    const tofu = tofuIn({ binary: terraform ?? '', stack: stack.home, log: () => {}, env });
    const plan = await tofu(['plan', '-lock=false', '-refresh=false', '-no-color']);
    expect(plan).toContain('# scaleway_container.app_container will be updated in-place');
    expect(plan).toMatch(/Plan: 1 to add, \d to change, 1 to destroy\./);
    expect(plan).not.toContain('# scaleway_object_bucket');
  });
});

describe('the end of a site', () => {
  it('leaves the buckets, and only them', async () => {
    const { on } = watched();
    await destroySite(on, commit('4'));
    const state: JsonObject = JSON.parse(await readFile(join(stack.home, 'terraform.tfstate'), 'utf8'));
    const resources = get(state, 'resources');
    const left = (Array.isArray(resources) ? resources : []).map((one) => get(one, 'type'));
    expect(new Set(left)).toEqual(new Set(['scaleway_object_bucket', 'scaleway_object_bucket_policy']));
    const buckets = Object.keys(objectAt(productionJson(), 'resource.scaleway_object_bucket'));
    expect(left.filter((type) => type === 'scaleway_object_bucket')).toHaveLength(buckets.length);
  });

  it('is no end for good: a release brings it back', async () => {
    const { on, words } = watched();
    await deploy(on, commit('4'), ADDRESSES.rollout);
    expect(words.at(-1)).toBe(`${on.site} runs ${commit('4')}.`);
  });
});
