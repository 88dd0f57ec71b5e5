/**
 * Every name and size of the deployment, as data. A changed line here changes production. A second
 * environment (say `staging`) is one more entry of `environments` with names of its own. It gets
 * its own stack, state file, bucket, container and domain. NODE_ENV is not read: an environment
 * exists here or not at all.
 */

/** Scaleway regions with both Serverless Containers and Object Storage. */
export const REGIONS = ['fr-par', 'nl-ams', 'pl-waw'] as const;
type Region = (typeof REGIONS)[number];

/** Settings that all environments share; the bootstrap stack applies them once. */
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
   * Generations of the API keys of the workflows, oldest first; the last one is in use. A rotation
   * has two for a while and no gap: append one, apply, distribute it, remove the old one, apply.
   */
  releaseKeys: readonly [string, ...string[]];
  buildKeys: readonly [string, ...string[]];
  planKeys: readonly [string, ...string[]];
  /** Refuses any plan that destroys the state bucket or the registry. */
  protectData: boolean;
}

/** The container's limits. `constructs/app-container.ts` checks the platform's ranges. */
export interface ContainerSize {
  /** Thousandths of a vCPU. */
  cpuMillicores: number;
  /** Megabytes of 1,000,000 bytes. */
  memoryMegabytes: number;
  /** 0 lets an idle container stop. */
  minScale: number;
  maxScale: number;
  /** Time limit of a request, in seconds. */
  timeoutSeconds: number;
  /** Concurrent requests of one instance. */
  concurrentRequests: number;
}

export interface Environment {
  region: Region;
  /** Host name of the site. The Route 53 zone must hold it. */
  hostname: string;
  /** Unique over all of Scaleway. Every media URL contains it, so it cannot change later. */
  mediaBucket: string;
  /** Unique over all of Scaleway. Holds the encrypted backups of the rows. */
  backupBucket: string;
  /** Unique over all of Scaleway. Holds the parts of unfinished uploads. */
  uploadBucket: string;
  /** Days that the backups of each series are kept: 14 of days, 8 of weeks, 12 of months. */
  backupDays: Readonly<Record<'daily' | 'weekly' | 'monthly', number>>;
  containerNamespace: string;
  container: ContainerSize;
  /** Days until the parts of an unfinished upload are removed. */
  abortUploadsAfterDays: number;
  /** Days that a deleted or overwritten file can be restored. */
  deletedFilesDays: number;
  /** Generations of the media bucket's API key; see `releaseKeys`. */
  mediaKeys: readonly [string, ...string[]];
  /** Prefix of this environment's bootstrap outputs, so that two environments do not collide. */
  outputPrefix: '' | `${Uppercase<string>}_`;
  /**
   * The reason why the database may be reached without a verified certificate, if it may. Without
   * one, a plan refuses a DATABASE_URL whose `sslmode` is less than `verify-full`.
   */
  unverifiedDatabase?: string;
  /**
   * Turns on /api/metrics. Its token is the SHA-256 of `{jwt_secret} metrics` in hex. A collector
   * that asks every minute keeps the container awake; see docs/signals.md.
   */
  metrics?: true;
  /** Requires a passkey of administrators; see docs/operating.md. */
  requireAdminPasskey?: true;
  /** Refuses any plan that destroys a bucket of this environment. */
  protectData: boolean;
}

export const shared: SharedSettings = {
  region: 'fr-par',
  stateBucket: 'meemikansio-state',
  registryNamespace: 'meemikansio',
  image: 'meemikansio',
  stateHistoryDays: 90,
  releaseKeys: ['1'],
  buildKeys: ['1'],
  planKeys: ['1'],
  protectData: true,
};

export const environments = {
  production: {
    region: 'fr-par',
    hostname: 'meemit.mainittu.fi',
    mediaBucket: 'meemikansio-media',
    backupBucket: 'meemikansio-backups',
    uploadBucket: 'meemikansio-uploads',
    backupDays: { daily: 14, weekly: 56, monthly: 366 },
    containerNamespace: 'meemikansio',
    container: {
      cpuMillicores: 1000,
      memoryMegabytes: 1024,
      minScale: 0,
      maxScale: 1,
      // The platform's most. 100 MB take 300 s at 2.7 Mbit/s, and an hour at 0.23 Mbit/s. Some
      // phones have such lines. It costs nothing: the app ends a connection that stalls.
      timeoutSeconds: 3600,
      // Half of the platform's limit for one instance (80): a burst of thumbnails fits, uploads
      // queue early.
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
 * Returns the settings of one environment.
 *
 * @throws if the name is unknown: a typing mistake must never fall back to production
 */
export function environmentNamed(
  name: string,
  known: Record<string, Environment> = environments,
): Environment {
  const settings = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!settings) throw new Error(`Unknown environment "${name}". Known: ${Object.keys(known).join(', ')}.`);
  return settings;
}

/** Returns the address of a region's S3 API. */
export const s3Endpoint = (region: string): string => `https://s3.${region}.scw.cloud`;

/**
 * Returns the address of the image registry. It is built, not queried: the registry belongs to
 * another stack, and https://www.scaleway.com/en/docs/container-registry/ fixes its form.
 */
export const registryEndpoint = (settings: SharedSettings): string =>
  `rg.${settings.region}.scw.cloud/${settings.registryNamespace}`;
