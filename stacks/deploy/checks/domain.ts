import { environments } from '../../environments.ts';
import { Problem } from '../problem.ts';
import { withoutDot } from '../route53.ts';
import type { Check, World } from '../step.ts';

const AUTHORITY = 'letsencrypt.org';
/** End of the names that Scaleway gives to containers. */
const CONTAINERS = '.scw.cloud';

/**
 * Returns who may issue certificates for a name: the records of the nearest name that has some.
 * https://www.rfc-editor.org/rfc/rfc8659#section-3
 */
async function issuersOf(on: World, hostname: string): Promise<{ name: string; issuers: string[] } | null> {
  const labels = hostname.split('.');
  for (let first = 0; first < labels.length - 1; first++) {
    const name = labels.slice(first).join('.');
    const issuers = await on.dns.caIssuers(name);
    if (issuers.length > 0) return { name, issuers };
  }
  return null;
}

/** The zone at Route 53, and whether the host name can get its record and its certificate. */
export const domain: Check = {
  title: 'Domain',
  async run(on) {
    const { hostname } = environments.production;
    const zone = await on.facts.zone();
    const servers = (await on.dns.nameServers(zone.name)).map(withoutDot);
    if (servers.length === 0 || servers.some((name) => !zone.nameServers.includes(name)))
      throw new Problem(
        `The world does not ask the zone of ${zone.name}: enter its name servers at the registrar (${zone.nameServers.join(', ')}).`,
      );
    const caa = await issuersOf(on, hostname);
    if (caa && !caa.issuers.includes(AUTHORITY))
      throw new Problem(`The CAA record of ${caa.name} forbids the certificate: add 0 issue "${AUTHORITY}".`);
    const [target] = (await on.dns.cname(hostname)).map(withoutDot);
    if (target !== undefined && !target.endsWith(CONTAINERS))
      throw new Problem(
        `${hostname} points to ${target} already: remove that record, or choose another host name.`,
      );
    return `${hostname} in the zone ${zone.name} (${zone.id})`;
  },
};
