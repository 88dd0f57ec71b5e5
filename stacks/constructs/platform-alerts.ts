import { Construct } from 'constructs';
import { conditional, Fn, Op } from 'cdktf';
import { CockpitAlertManager } from '../../.gen/providers/scaleway/cockpit-alert-manager/index.ts';
import { DataScalewayCockpitPreconfiguredAlert } from '../../.gen/providers/scaleway/data-scaleway-cockpit-preconfigured-alert/index.ts';

export interface PlatformAlertsProps {
  projectId: string;
  region: string;
  /** Address that the alerts are mailed to. Empty: there are no alerts. */
  email: string;
}

/**
 * The platform's own alerts about everything in the project, mailed to the operator. They watch
 * what the platform measures. The app's backups and jobs are watched by watch.yml.
 */
export class PlatformAlerts extends Construct {
  constructor(scope: Construct, id: string, props: PlatformAlertsProps) {
    super(scope, id);
    const { projectId, region, email } = props;
    // CDKTF writes the operand '' as “undefined”, so the length is compared.
    const wanted = conditional(Op.gte(Fn.lengthOf(email), 1), 1, 0);
    const known = new DataScalewayCockpitPreconfiguredAlert(this, 'known', { projectId, region });
    known.addOverride('count', wanted);
    const manager = new CockpitAlertManager(this, 'manager', {
      projectId,
      region,
      contactPoints: [{ email }],
    });
    manager.addOverride('count', wanted);
    manager.addOverride(
      'preconfigured_alert_ids',
      `\${[for alert in flatten(${known.fqn}[*].alerts) : alert.preconfigured_rule_id]}`,
    );
  }
}
