import { environmentNamed, registryEndpoint, shared } from '../../stacks/environments.ts';
import { required, setOutputs, step } from './actions.ts';

/**
 * Names of the deployment for the workflows, from `stacks/environments.ts`. No workflow repeats
 * them.
 */
export interface Settings {
  /** Public address: `https://host`. */
  site: string;
  hostname: string;
  region: string;
  /** `host/namespace` of the image registry. */
  registry: string;
  /** Name of the image within it. */
  image: string;
  /** Folder of the synthesized stack. */
  stack: string;
}

/** @throws if there is no such environment */
export function settingsOf(name: string): Settings {
  const { hostname, region } = environmentNamed(name);
  return {
    site: `https://${hostname}`,
    hostname,
    region,
    registry: registryEndpoint(shared),
    image: shared.image,
    stack: `cdktf.out/stacks/${name}`,
  };
}

if (import.meta.main) await step(() => setOutputs({ ...settingsOf(required('ENVIRONMENT')) }));
