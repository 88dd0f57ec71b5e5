import { Construct } from 'constructs';
import { Fn, type ITerraformDependable } from 'cdktf';
import type {
  EnvironmentVariable,
  REQUIRED_FOR_S3,
  REQUIRED_IN_PRODUCTION,
} from '../../app/config.schema.ts';
import { Container } from '../../.gen/providers/scaleway/container/index.ts';
import { ContainerNamespace } from '../../.gen/providers/scaleway/container-namespace/index.ts';
import type { ContainerSize } from '../environments.ts';
import { Rollout } from './rollout.ts';

/**
 * The app's variables that are hidden in the console, in plans and in the container's description.
 */
const SECRET_VARIABLES = [
  'DATABASE_URL',
  'DATABASE_CA',
  'JWT_SECRET',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
] as const satisfies EnvironmentVariable[];

/** Hidden as well, but not every environment has them. */
const OPTIONAL_SECRETS = [
  'METRICS_TOKEN',
  'OTEL_EXPORTER_OTLP_HEADERS',
] as const satisfies EnvironmentVariable[];

type Secret = (typeof SECRET_VARIABLES)[number];
type OptionalSecret = (typeof OPTIONAL_SECRETS)[number];
/** Variables that the app requires in production with an S3 bucket. */
type Required = (typeof REQUIRED_IN_PRODUCTION)[number] | (typeof REQUIRED_FOR_S3)[number];

/** Plain variables: only names the app knows, including every required one that is no secret. */
export type AppEnvironment = { [Name in Exclude<Required, Secret>]: string } & {
  [Name in Exclude<EnvironmentVariable, Required | Secret | OptionalSecret>]?: string;
};
/** Secret variables: each of them, and those that an environment turns on. */
export type AppSecrets = { [Name in Secret]: string } & { [Name in OptionalSecret]?: string };

export interface AppContainerProps {
  /** Container namespace, unique within the project. */
  namespace: string;
  region: string;
  projectId: string;
  /** Registry, repository and tag. */
  image: string;
  size: ContainerSize;
  environment: AppEnvironment;
  secrets: AppSecrets;
  /** Resources that must exist before the app starts. */
  after: ITerraformDependable[];
}

const PORT = 3000;

/**
 * Answers as soon as the process listens, without the database or bucket: a slow database must not
 * kill the app.
 */
const HEALTH_PATH = '/api/health';

/**
 * The platform's ranges. They are checked here because the platform refuses only during an apply:
 * https://www.scaleway.com/en/docs/serverless-containers/reference-content/containers-limitations/
 */
const LIMITS: { name: keyof ContainerSize; min: number; max: number }[] = [
  { name: 'cpuMillicores', min: 70, max: 6000 },
  { name: 'memoryMegabytes', min: 128, max: 12_228 },
  { name: 'minScale', min: 0, max: 50 },
  { name: 'maxScale', min: 1, max: 50 },
  { name: 'timeoutSeconds', min: 10, max: 3600 },
  { name: 'concurrentRequests', min: 1, max: 80 },
];

function validateSize(size: ContainerSize): void {
  for (const { name, min, max } of LIMITS) {
    const value = size[name];
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new Error(`container.${name} is ${value}; Scaleway accepts whole numbers from ${min} to ${max}.`);
    }
  }
  if (size.minScale > size.maxScale) {
    throw new Error(`container.minScale is ${size.minScale}, above maxScale ${size.maxScale}.`);
  }
}

/**
 * The app's container and its namespace.
 *
 * A release counts only when the container is ready: the provider only warns about one that does
 * not start. A plain condition on its status would also block the next release. When that is
 * planned, the status is known and still `error`, so no release could repair it. The condition
 * therefore also depends on `rollout`, which is replaced whenever the container changes. It is
 * unknown during such a plan, which defers the check until the change is applied.
 */
export class AppContainer extends Construct {
  readonly containerId: string;
  /** The container's own address, with `https://`. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: AppContainerProps) {
    super(scope, id);
    validateSize(props.size);
    const namespace = new ContainerNamespace(this, 'namespace', {
      name: props.namespace,
      region: props.region,
      projectId: props.projectId,
      description: 'Where friends keep their memes.',
    });

    const rollout = new Rollout(this, 'rollout', {
      image: props.image,
      size: props.size,
      environment: props.environment,
      // A corrected secret needs a rollout too. One of them is random, so the hash reveals none of
      // them.
      secrets: Fn.sha256(Fn.jsonencode({ ...props.secrets })),
    });

    const container = new Container(this, 'container', {
      name: 'app',
      namespaceId: namespace.id,
      region: props.region,
      image: props.image,
      // Any text; a new one deploys again, even the same image.
      // `-replace=terraform_data.app_rollout` is a retry.
      registrySha256: rollout.id,
      port: PORT,
      protocol: 'http1',
      privacy: 'public',
      httpsConnectionsOnly: true,
      minScale: props.size.minScale,
      maxScale: props.size.maxScale,
      scalingOption: [{ concurrentRequestsThreshold: props.size.concurrentRequests }],
      cpuLimit: props.size.cpuMillicores,
      memoryLimitBytes: props.size.memoryMegabytes * 1_000_000,
      timeout: props.size.timeoutSeconds,
      environmentVariables: { ...props.environment },
      secretEnvironmentVariables: { ...props.secrets },
      // Without a startup probe, traffic arrives before the process listens and gets a 502.
      // Migrations get up to two minutes.
      startupProbe: { http: { path: HEALTH_PATH }, interval: '5s', timeout: '2s', failureThreshold: 24 },
      // Patient: one vCPU that recognises text answers late, not never.
      livenessProbe: { http: { path: HEALTH_PATH }, interval: '30s', timeout: '5s', failureThreshold: 5 },
      dependsOn: props.after,
      lifecycle: {
        postcondition: [
          {
            condition: `\${${rollout.fqn}.id == "" || self.status == "ready"}`,
            errorMessage:
              'The container is "${self.status}" instead of "ready": ${coalesce(self.error_message, "no reason given")}. See "Container in error" in docs/recovery.md.',
          },
        ],
      },
    });

    this.containerId = container.id;
    this.url = container.publicEndpoint;
  }
}
