import { Construct } from 'constructs';
import { Fn } from 'cdktf';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js';
import { ContainerDomain } from '../../.gen/providers/scaleway/container-domain/index.ts';

export interface SiteDomainProps {
  hostname: string;
  /** Route 53 hosted zone that holds the host name. */
  zoneId: string;
  containerId: string;
  /** The container's own address, with `https://`. */
  containerUrl: string;
  region: string;
}

/**
 * The site's address: a CNAME in Route 53, then the domain on the container. The order matters:
 * Scaleway proves ownership over HTTP within three minutes. A name that does not resolve by then
 * gives the domain the status `error`:
 * https://www.scaleway.com/en/docs/serverless-containers/troubleshooting/custom-domain-in-error-status/
 */
export class SiteDomain extends Construct {
  /** `region/uuid`. The provider does not tell its state, which only the platform's API has. */
  readonly domainId: string;

  constructor(scope: Construct, id: string, props: SiteDomainProps) {
    super(scope, id);
    const record = new Route53Record(this, 'record', {
      zoneId: props.zoneId,
      name: props.hostname,
      type: 'CNAME',
      // Short: a recreated container is found again within minutes.
      ttl: 300,
      records: [Fn.trimprefix(props.containerUrl, 'https://')],
    });
    const domain = new ContainerDomain(this, 'domain', {
      hostname: props.hostname,
      containerId: props.containerId,
      region: props.region,
      dependsOn: [record],
      // The provider retries while the name does not resolve yet.
      timeouts: { create: '15m' },
    });
    this.domainId = domain.id;
  }
}
