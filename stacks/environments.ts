/**
 * Every name and size of the deployment, as data. Changing a line here is how production changes; a second
 * environment (say `staging`) is one more entry of `environments` with its own names, and gets its own stack,
 * state file, bucket, container and domain. Nothing is read from NODE_ENV: an environment exists here or not at all.
 */

/** Scaleway regions with both Serverless Containers and Object Storage. */
export const REGIONS = ['fr-par', 'nl-ams', 'pl-waw'] as const;
type Region = (typeof REGIONS)[number];

/** What all environments share: made once by the bootstrap stack. */
export interface SharedSettings {
  /** Region of the state bucket and the image registry. */
  region: Region;
  /** Unique over all of Scaleway. */
  stateBucket: string;
  /** Unique within the region. */
  registryNamespace: string;
  /** Name of the image within the registry namespace. */
  image: string;
  /** Days that a replaced version of a state file is kept. */
  stateHistoryDays: number;
  /**
   * Generations of the release workflow's API key, oldest first; the last is the one in use. Two at a time make a
   * rotation without a gap: append one, apply, hand it out, remove the old one, apply.
   */
  releaseKeys: readonly [string, ...string[]];
  /** Refuse any plan that destroys the state bucket or the registry. */
  protectData: boolean;
}

/** The container's limits; the platform's ranges are checked where it is made (`constructs/app-container.ts`). */
export interface ContainerSize {
  /** Thousandths of a vCPU. */
  cpuMillicores: number;
  /** Megabytes of 1,000,000 bytes. */
  memoryMegabytes: number;
  /** 0 lets the container stop when nobody comes by. */
  minScale: number;
  maxScale: number;
  /** Longest request, in seconds. */
  timeoutSeconds: number;
  /** Requests that one instance works on at the same time. */
  concurrentRequests: number;
}

export interface Environment {
  region: Region;
  /** Where people find the site. The Route 53 zone must be the one that holds it. */
  hostname: string;
  /** Unique over all of Scaleway. It is part of every media URL and cannot change later. */
  mediaBucket: string;
  containerNamespace: string;
  container: ContainerSize;
  /** Days until the parts of an upload that never finished are removed. */
  abortUploadsAfterDays: number;
  /** Days that a deleted or overwritten file can still be brought back. */
  deletedFilesDays: number;
  /** Generations of the media bucket's API key; see `releaseKeys`. */
  mediaKeys: readonly [string, ...string[]];
  /** Put before the names of this environment's bootstrap outputs, so that two environments do not collide. */
  outputPrefix: '' | `${Uppercase<string>}_`;
  /** Refuse any plan that destroys the media bucket. */
  protectData: boolean;
}

export const shared: SharedSettings = {
  region: 'fr-par',
  stateBucket: 'meemikansio-state',
  registryNamespace: 'meemikansio',
  image: 'meemikansio',
  stateHistoryDays: 90,
  releaseKeys: ['1'],
  protectData: true,
};

export const environments = {
  production: {
    region: 'fr-par',
    hostname: 'meemit.mainittu.fi',
    mediaBucket: 'meemikansio-media',
    containerNamespace: 'meemikansio',
    container: {
      cpuMillicores: 1000,
      memoryMegabytes: 1024,
      minScale: 0,
      maxScale: 1,
      timeoutSeconds: 300,
      // Half of what the platform allows one instance (80): a thumbnail burst fits, uploads queue early.
      concurrentRequests: 40,
    },
    abortUploadsAfterDays: 1,
    deletedFilesDays: 30,
    mediaKeys: ['1'],
    outputPrefix: '',
    protectData: true,
  },
} as const satisfies Record<string, Environment>;

/**
 * The settings of one environment.
 *
 * @throws if there is none of that name: a typing mistake must never fall back to production.
 */
export function environmentNamed(
  name: string,
  known: Record<string, Environment> = environments,
): Environment {
  const settings = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!settings) throw new Error(`Unknown environment "${name}". Known: ${Object.keys(known).join(', ')}.`);
  return settings;
}

/** Address of the S3 API of a region. */
export const s3Endpoint = (region: string): string => `https://s3.${region}.scw.cloud`;

/**
 * Address of the image registry. Written out instead of asked for: the registry belongs to another stack, and
 * https://www.scaleway.com/en/docs/container-registry/ fixes this form.
 */
export const registryEndpoint = (settings: SharedSettings): string =>
  `rg.${settings.region}.scw.cloud/${settings.registryNamespace}`;
