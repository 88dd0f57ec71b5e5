import { z } from 'zod';
import { environments } from '../environments.ts';
import { Problem } from './problem.ts';
import { printed, type Surroundings } from './surroundings.ts';

export interface Zone {
  id: string;
  /** Without the dot at the end. */
  name: string;
  nameServers: string[];
}

const hostedZone = z.object({
  HostedZone: z.object({ Id: z.string(), Name: z.string() }),
  DelegationSet: z.object({ NameServers: z.array(z.string()) }),
});
const hostedZones = z.object({
  HostedZones: z.array(
    z.object({ Id: z.string(), Name: z.string(), Config: z.object({ PrivateZone: z.boolean() }) }),
  ),
});

export const withoutDot = (name: string): string => name.replace(/\.$/, '').toLowerCase();

/** Asks AWS. `aws` has its own keys. */
export async function aws<Shape extends z.ZodType>(
  on: Surroundings,
  shape: Shape,
  args: readonly string[],
): Promise<z.infer<Shape>> {
  return shape.parse(JSON.parse(await printed(on, 'aws', [...args, '--output', 'json'])));
}

/**
 * Finds the zone that holds the host name: the longest of those with its end.
 *
 * @throws Problem if the account has none
 */
export async function readZone(on: Surroundings): Promise<Zone> {
  const { hostname } = environments.production;
  let id = on.answers.given('ROUTE53_ZONE_ID');
  if (id === null) {
    const { HostedZones: zones } = await aws(on, hostedZones, ['route53', 'list-hosted-zones']);
    const [found] = zones
      .filter(({ Config, Name }) => !Config.PrivateZone && `.${hostname}`.endsWith(`.${withoutDot(Name)}`))
      .sort((one, other) => other.Name.length - one.Name.length);
    if (!found)
      throw new Problem(
        `The AWS account has no public zone for ${hostname}: make one in Route 53, or sign in to the account that has it.`,
      );
    id = found.Id.replace('/hostedzone/', '');
  }
  const zone = await aws(on, hostedZone, ['route53', 'get-hosted-zone', '--id', id]);
  return {
    id,
    name: withoutDot(zone.HostedZone.Name),
    nameServers: zone.DelegationSet.NameServers.map(withoutDot).sort(),
  };
}
