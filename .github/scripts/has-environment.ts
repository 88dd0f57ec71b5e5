import { environments } from '../../stacks/environments.ts';
import { required, setOutputs, step } from './actions.ts';

/** Tells whether `stacks/environments.ts` has an environment. */
if (import.meta.main)
  await step(() => setOutputs({ exists: String(Object.hasOwn(environments, required('ENVIRONMENT'))) }));
