import type { Domain } from './domain.ts';
import { rollbackTo } from './rollback.ts';
import type { Tofu } from './tofu.ts';

/** Addresses of the resources that a deployment names. Tests compare them with the stacks. */
export const ADDRESSES = {
  rollout: 'terraform_data.app_rollout',
  container: 'scaleway_container.app_container',
  namespace: 'scaleway_container_namespace.app_namespace',
  domain: 'scaleway_container_domain.site_domain',
  record: 'aws_route53_record.site_record',
} as const;

/** Everything that a deployment acts on. */
export interface Surroundings {
  /** Public address of the site. */
  site: string;
  tofu: Tofu;
  /** Returns the revision that an address answers with; null if none. */
  revisionOf(address: string): Promise<string | null>;
  /** Waits until an address runs a revision and is ready; throws after a while. */
  waitFor(address: string, revision: string): Promise<void>;
  /** Returns the state of a domain that does not change by itself any more. */
  domain(id: string): Promise<Domain>;
  /** Commits released before, newest first. */
  released: readonly string[];
  showPlan(plan: string): void;
  tell(words: string): void;
  warn(words: string): void;
}

const PLAN = 'release.tfplan';
const image = (commit: string) => ({ TF_VAR_image_tag: commit });
const message = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Returns an output of the stack; empty when it was never applied. */
async function output(tofu: Tofu, name: string): Promise<string> {
  const outputs: Record<string, { value: string }> = JSON.parse(await tofu(['output', '-json']));
  return outputs[name]?.value ?? '';
}

/**
 * Puts an image into production: shows the plan and applies exactly that. The container's own
 * address tells whether the image works. If it does not, the previous image is restored. The site's
 * name is repaired afterwards, and no fault of it takes a working image back.
 *
 * @param replace the resource to make anew even if nothing about it has changed
 * @throws whenever the site does not run the image under its name
 */
export async function deploy(on: Surroundings, commit: string, replace: string): Promise<void> {
  const { tofu } = on;
  const before = (await runningAt(on)) ?? '';
  await tofu(['plan', `-replace=${replace}`, `-out=${PLAN}`], image(commit));
  on.showPlan(await tofu(['show', '-no-color', PLAN]));
  let applied: unknown = null;
  try {
    await tofu(['apply', PLAN]);
  } catch (error) {
    applied = error;
  }
  try {
    // A failed apply may have failed after the container: only the container's address knows.
    if (applied !== null && (await runningAt(on)) !== commit) throw applied;
    await on.waitFor(await output(tofu, 'container_url'), commit);
  } catch (error) {
    await goBack(on, commit, before, error);
  }
  await repairDomain(on, commit);
  if (applied !== null) throw applied;
}

/** Returns the revision at the container's own address; null before the first release. */
async function runningAt(on: Surroundings): Promise<string | null> {
  const url = await output(on.tofu, 'container_url');
  return url === '' ? null : on.revisionOf(url);
}

/** Restores the previous image, and fails all the same. */
async function goBack(on: Surroundings, commit: string, before: string, failure: unknown): Promise<never> {
  const target = rollbackTo({ wanted: commit, before, released: on.released });
  if (target === null)
    throw new Error(`${message(failure)} There is no earlier release to go back to.`, { cause: failure });
  on.warn(`${commit} does not come up (${message(failure)}). Going back to ${target}.`);
  await on.tofu(['apply', '-auto-approve', `-replace=${ADDRESSES.rollout}`], image(target));
  await on.waitFor(await output(on.tofu, 'container_url'), target);
  throw new Error(`${message(failure)} The site runs ${target} again.`, { cause: failure });
}

/**
 * Asks the platform whether the site's name works, and makes it anew if it is in error. An apply
 * does not notice that: the provider takes `error` for finished.
 */
async function repairDomain(on: Surroundings, commit: string): Promise<void> {
  const ask = async () => on.domain(await output(on.tofu, 'domain_id'));
  let domain = await ask();
  if (domain.status !== 'ready') {
    on.warn(
      `The domain is "${domain.status}" (${domain.error_message || 'no reason given'}); making it anew.`,
    );
    await on.tofu(['apply', '-auto-approve', `-replace=${ADDRESSES.domain}`], image(commit));
    domain = await ask();
  }
  if (domain.status === 'ready') {
    on.tell(`${on.site} runs ${commit}.`);
    return;
  }
  throw new Error(
    `The image runs at ${await output(on.tofu, 'container_url')}, but not at ${on.site}: the domain is "${domain.status}" (${domain.error_message || 'no reason given'}). See "Domain in error" in docs/recovery.md.`,
  );
}

/**
 * Ends the site. The buckets stay: media, and whatever else holds data. None of them depends on
 * what is destroyed.
 */
export async function destroySite(on: Pick<Surroundings, 'tofu'>, commit: string): Promise<void> {
  const { domain, record, container, namespace, rollout } = ADDRESSES;
  const targets = [domain, record, container, namespace, rollout].map((address) => `-target=${address}`);
  await on.tofu(['destroy', '-auto-approve', ...targets], image(commit));
}

/** Removes a lock that its holder has left behind. */
export async function unlockState(on: Pick<Surroundings, 'tofu'>, lock: string): Promise<void> {
  await on.tofu(['force-unlock', '-force', lock]);
}
