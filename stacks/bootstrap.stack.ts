import type { Construct } from 'constructs';
import { LocalBackend } from 'cdktf';
import { BaseStack } from './base.stack.ts';
import { ImageRegistry } from './constructs/image-registry.ts';
import { scalewayProvider } from './constructs/providers.ts';
import { ServiceAccount } from './constructs/service-account.ts';
import { StateBucket } from './constructs/state-bucket.ts';
import type { Environment, SharedSettings } from './environments.ts';
import { declareOutputs, type Output } from './outputs.ts';
import { bootstrapVariables, declareVariables } from './variables.ts';

export interface BootstrapStackProps {
  settings: SharedSettings;
  environments: Record<string, Environment>;
}

/**
 * The resources that must exist before the first release; a person applies them with their own key.
 * They are the state bucket, the image registry, and machine users. The build, the plan and the
 * release have one each, and so has each environment's app. The outputs have the names of the
 * GitHub secrets and variables they become.
 *
 * Its own state holds keys. It stays with that person, outside `cdktf.out/` (which a synth may
 * sweep) and outside git.
 */
export class BootstrapStack extends BaseStack {
  constructor(scope: Construct, id: string, props: BootstrapStackProps) {
    super(scope, id);
    const { settings } = props;
    const variable = declareVariables(this, bootstrapVariables);
    const location = { projectId: variable('project_id'), region: settings.region };
    scalewayProvider(this, location);

    const release = new ServiceAccount(this, 'release', {
      name: 'meemikansio-release',
      description: 'The release workflow: keeps the state, applies the environments.',
      projectId: location.projectId,
      // No ObjectStorageBucketsDelete: it may configure buckets, not remove them.
      permissions: [
        'ContainersFullAccess',
        'ContainerRegistryReadOnly',
        'ObjectStorageBucketPolicyFullAccess',
        'ObjectStorageBucketsRead',
        'ObjectStorageBucketsWrite',
        'ObjectStorageObjectsDelete',
        'ObjectStorageObjectsRead',
        'ObjectStorageObjectsWrite',
        'ObservabilityFullAccess',
      ],
      keys: settings.releaseKeys,
    });
    // The jobs that build run the code of hundreds of packages: their key reaches images only.
    const build = new ServiceAccount(this, 'build', {
      name: 'meemikansio-build',
      description: 'The build: pushes images and removes old ones.',
      projectId: location.projectId,
      permissions: ['ContainerRegistryFullAccess'],
      keys: settings.buildKeys,
    });
    // A pull request can change its own workflow, so this key cannot change anything.
    const plan = new ServiceAccount(this, 'plan', {
      name: 'meemikansio-plan',
      description: 'The plan of a pull request: reads the state and the list of alerts.',
      projectId: location.projectId,
      permissions: ['ObjectStorageObjectsRead', 'ObservabilityReadOnly'],
      keys: settings.planKeys,
    });
    new StateBucket(this, 'state', {
      ...location,
      name: settings.stateBucket,
      releaseApplicationId: release.applicationId,
      planApplicationId: plan.applicationId,
      operatorUserId: variable('operator_user_id'),
      historyDays: settings.stateHistoryDays,
      protectData: settings.protectData,
    });
    new ImageRegistry(this, 'registry', {
      ...location,
      name: settings.registryNamespace,
      protectData: settings.protectData,
    });

    declareOutputs(this, {
      SCW_ACCESS_KEY: { value: release.accessKey, description: 'Access key of the release workflow.' },
      SCW_SECRET_KEY: { value: release.secretKey, sensitive: true, description: 'Secret of that key.' },
      SCW_ORGANIZATION_ID: { value: release.organizationId, description: 'Scaleway organization.' },
      SCW_PROJECT_ID: { value: location.projectId, description: 'Scaleway project.' },
      RELEASE_APPLICATION_ID: {
        value: release.applicationId,
        description: 'IAM application of the release workflow.',
      },
      BUILD_SCW_SECRET_KEY: {
        value: build.secretKey,
        sensitive: true,
        description: 'Key of the build; its access key is not needed.',
      },
      PLAN_SCW_ACCESS_KEY: { value: plan.accessKey, description: 'Access key of the plan.' },
      PLAN_SCW_SECRET_KEY: { value: plan.secretKey, sensitive: true, description: 'Secret of that key.' },
    });
    for (const [name, environment] of Object.entries(props.environments)) {
      declareOutputs(this, this.createMediaAccount(name, environment, location.projectId));
    }

    // Relative to cdktf.out/stacks/bootstrap, where `tofu -chdir` runs it.
    new LocalBackend(this, { path: '../../../bootstrap.tfstate' });
    this.requireVersion();
  }

  /** Creates the machine user of an environment's app; returns the outputs with its key. */
  private createMediaAccount(
    name: string,
    environment: Environment,
    projectId: string,
  ): Record<string, Output> {
    const account = new ServiceAccount(this, `media_${name}`, {
      name: `meemikansio-media-${name}`,
      description: `The app in ${name}: keeps the objects of its media bucket.`,
      projectId,
      permissions: ['ObjectStorageObjectsDelete', 'ObjectStorageObjectsRead', 'ObjectStorageObjectsWrite'],
      keys: environment.mediaKeys,
    });
    const prefix = environment.outputPrefix;
    return {
      [`${prefix}S3_ACCESS_KEY_ID`]: {
        value: account.accessKey,
        description: `Access key of the app in ${name} for its media bucket.`,
      },
      [`${prefix}S3_SECRET_ACCESS_KEY`]: {
        value: account.secretKey,
        sensitive: true,
        description: 'Secret of that key.',
      },
      [`${prefix}MEDIA_APPLICATION_ID`]: {
        value: account.applicationId,
        description: `IAM application of the app in ${name}.`,
      },
    };
  }
}
