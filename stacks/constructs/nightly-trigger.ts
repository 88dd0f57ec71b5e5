import { Construct } from 'constructs';
import { Fn } from 'cdktf';
import { ContainerTrigger } from '../../.gen/providers/scaleway/container-trigger/index.ts';

export interface NightlyTriggerProps {
  containerId: string;
  region: string;
  /** Address of the site: the app takes changes only from its own origin. */
  siteUrl: string;
  /** The token follows from it, as in app/nightly/nightly-token.ts. */
  jwtSecret: string;
}

/**
 * Wakes the container every night for its backup and cleanup. At `minScale` 0 it sleeps, and its
 * own schedule does not run.
 */
export class NightlyTrigger extends Construct {
  constructor(scope: Construct, id: string, props: NightlyTriggerProps) {
    super(scope, id);
    new ContainerTrigger(this, 'trigger', {
      name: 'nightly',
      description: 'Backup and cleanup of the night.',
      containerId: props.containerId,
      region: props.region,
      destinationConfig: { httpMethod: 'post', httpPath: '/api/nightly' },
      cron: {
        schedule: '30 2 * * *',
        timezone: 'Etc/UTC',
        headers: { origin: props.siteUrl, 'x-nightly-token': Fn.sha256(`${props.jwtSecret} nightly`) },
      },
    });
  }
}
