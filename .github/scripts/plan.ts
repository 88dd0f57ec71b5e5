import { writeFileSync } from 'node:fs';
import { standIns } from '../../stacks/release.inputs.ts';
import { required, step } from './actions.ts';
import { planSummary } from './plan-summary.ts';
import { initState, isLocked, stackTofu } from './tofu.ts';

/**
 * Plans a pull request's change of production, and writes the comment about it. It has a key that
 * reads the state, and no other secret. So it compares with the state instead of the clouds.
 */
if (import.meta.main) {
  await step(async () => {
    const keys = { AWS_ACCESS_KEY_ID: 'stand-in', AWS_SECRET_ACCESS_KEY: 'stand-in' };
    const environment = required('ENVIRONMENT');
    const tofu = stackTofu(environment, { ...keys, ...standIns() });
    const [access, secret] = [required('SCW_ACCESS_KEY'), required('SCW_SECRET_KEY')];
    await initState(tofu, access, secret, isLocked(environment));
    // Takes no lock: a plan changes nothing, and a release must not wait for it.
    const plan = await tofu(['plan', '-lock=false', '-refresh=false', '-no-color']);
    writeFileSync(
      required('SUMMARY_FILE'),
      `${planSummary(plan, [])}\nThe app's secrets are stand-ins here, so the container always counts as changed.\n`,
    );
  });
}
