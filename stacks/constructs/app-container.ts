import { Construct } from 'constructs';
import type { ITerraformDependable } from 'cdktf';
import type { EnvironmentVariable, REQUIRED_FOR_S3, REQUIRED_IN_PRODUCTION } from '../../app/config.schema.ts';
import { Container } from '../../.gen/providers/scaleway/container/index.ts';
import { ContainerNamespace } from '../../.gen/providers/scaleway/container-namespace/index.ts';
import type { ContainerSize } from '../environments.ts';

/** Which of the app's variables are kept out of sight: in the console, in plans, in the container's description. */
export const SECRET_VARIABLES = [
  'DATABASE_URL',
  'JWT_SECRET',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
] as const satisfies EnvironmentVariable[];

type Secret = (typeof SECRET_VARIABLES)[number];
/** What the app does not start without in production with an S3 bucket. */
type Required = (typeof REQUIRED_IN_PRODUCTION)[number] | (typeof REQUIRED_FOR_S3)[number];

/** Plain variables: only names the app knows, and all that it requires and that are no secrets. */
export type AppEnvironment = { [Name in Exclude<Required, Secret>]: string } & {
  [Name in Exclude<EnvironmentVariable, Required | Secret>]?: string;
};
/** Secret variables: each of them. */
export type AppSecrets = { [Name in Secret]: string };

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
  /** What must be in place before the app starts. */
  after: ITerraformDependable[];
}

const PORT = 3000;

/** Answers as soon as the process listens, without asking database or bucket: a slow database must not kill the app. */
const HEALTH_PATH = '/api/health';

/**
 * The platform's ranges, checked here because it would refuse only in the middle of an apply:
 * https://www.scaleway.com/en/docs/serverless-containers/reference-content/containers-limitations/
 */
const LIMITS: { [Name in keyof ContainerSize]: [min: number, max: number] } = {
  cpuMillicores: [70, 6000],
  memoryMegabytes: [128, 12_228],
  minScale: [0, 50],
  maxScale: [1, 50],
  timeoutSeconds: [10, 3600],
  concurrentRequests: [1, 80],
};

function validateSize(size: ContainerSize): void {
  for (const [name, value] of Object.entries(size)) {
    const [min, max] = LIMITS[name as keyof ContainerSize];
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new Error(`container.${name} is ${value}; Scaleway accepts whole numbers from ${min} to ${max}.`);
    }
  }
  if (size.minScale > size.maxScale) {
    throw new Error(`container.minScale is ${size.minScale}, above maxScale ${size.maxScale}.`);
  }
}

/** The app's container and its namespace. */
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

    const container = new Container(this, 'container', {
      name: 'app',
      namespaceId: namespace.id,
      region: props.region,
      image: props.image,
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
      // Without one, traffic arrives before the process listens and gets a 502. Up to two minutes for the migrations.
      startupProbe: { http: { path: HEALTH_PATH }, interval: '5s', timeout: '2s', failureThreshold: 24 },
      // Patient: one vCPU that reads the words of a picture answers late, not never.
      livenessProbe: { http: { path: HEALTH_PATH }, interval: '30s', timeout: '5s', failureThreshold: 5 },
      dependsOn: props.after,
      lifecycle: {
        postcondition: [
          {
            // A container that does not come up is only a warning to the provider, and a release would look done.
            condition: '${self.status == "ready"}',
            errorMessage:
              'The container is "${self.status}" instead of "ready": ${self.error_message}. See "Container in error" in docs/deploy.md.',
          },
        ],
      },
    });

    this.containerId = container.id;
    this.url = container.publicEndpoint;
  }
}
