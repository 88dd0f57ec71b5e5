import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** The site's own name at the platform. The provider's resource does not have these. */
const domainShape = z.object({ status: z.string(), error_message: z.string().nullish() });
export type Domain = z.infer<typeof domainShape>;

/** States that end by themselves. `error` does not. */
const TRANSIENT: ReadonlySet<string> = new Set(['creating', 'updating', 'locking', 'upgrading', 'pending']);

interface Api {
  /** `https://api.scaleway.com`. */
  api: string;
  secretKey: string;
  /** How long a name may take to get its certificate; Scaleway gives up after three minutes. */
  timeoutMs: number;
  intervalMs: number;
}

/**
 * Returns the state of a container's domain, as soon as it does not change by itself any more.
 * https://www.scaleway.com/en/developers/api/serverless-containers/
 *
 * @param id as the stack has it: `region/uuid`
 * @throws if the platform does not answer with a domain
 */
export async function settledDomain(id: string, options: Api): Promise<Domain> {
  const [region, uuid] = id.split('/');
  const url = `${options.api}/containers/v1/regions/${region}/domains/${uuid}`;
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const response = await fetch(url, { headers: { 'x-auth-token': options.secretKey } });
    if (!response.ok) throw new Error(`Scaleway answered ${response.status} when asked for the domain.`);
    const domain = domainShape.parse(await response.json());
    if (!TRANSIENT.has(domain.status) || Date.now() >= deadline) return domain;
    await sleep(options.intervalMs);
  }
}
