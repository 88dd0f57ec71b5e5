import { writeFileSync } from 'node:fs';
import { required, step } from './actions.ts';
import { planSummary, secretValues } from './plan-summary.ts';
import { initState, stackTofu } from './tofu.ts';

/** Plans a pull request's change of production, and writes the comment about it. */
if (import.meta.main) {
  await step(async () => {
    const tofu = stackTofu(required('ENVIRONMENT'));
    await initState(tofu, required('SCW_ACCESS_KEY'), required('SCW_SECRET_KEY'));
    // Takes no lock: a plan changes nothing, and a release must not wait for it.
    const plan = await tofu(['plan', '-lock=false', '-no-color']);
    writeFileSync(required('SUMMARY_FILE'), planSummary(plan, secretValues(process.env)));
  });
}
