import type { Construct } from 'constructs';
import { Fn } from 'cdktf';
import { BaseStack } from './base.stack.ts';
import { AppContainer } from './constructs/app-container.ts';
import { BackupBucket } from './constructs/backup-bucket.ts';
import { MediaBucket } from './constructs/media-bucket.ts';
import { NightlyTrigger } from './constructs/nightly-trigger.ts';
import { PlatformAlerts } from './constructs/platform-alerts.ts';
import { awsProvider, scalewayProvider } from './constructs/providers.ts';
import { SiteDomain } from './constructs/site-domain.ts';
import { UploadBucket } from './constructs/upload-bucket.ts';
import { stateBackend } from './constructs/state-backend.ts';
import { registryEndpoint, s3Endpoint, type Environment, type SharedSettings } from './environments.ts';
import { declareOutputs } from './outputs.ts';
import { declareVariables, environmentVariables } from './variables.ts';

export interface ProductionStackProps {
  settings: SharedSettings;
  environment: Environment;
}

/** Folder of the built page in the image; the Dockerfile puts it there. */
const STATIC_DIR = '/app/static';

/** The app ends an upload a day after its last byte. The bucket removes what the app has missed. */
const PART_DAYS = 2;

/**
 * One running copy of the site: production, or another environment of the same shape. Its id is the
 * environment's name. The release workflow applies it with the tag of the image to run.
 */
export class ProductionStack extends BaseStack {
  constructor(scope: Construct, id: string, props: ProductionStackProps) {
    super(scope, id);
    const { settings, environment } = props;
    const variable = declareVariables(this, environmentVariables(environment.region, environment));
    const location = { projectId: variable('project_id'), region: variable('region') };
    const siteUrl = `https://${environment.hostname}`;

    stateBackend(this, { settings, environment: id });
    scalewayProvider(this, location);
    awsProvider(this);

    const media = new MediaBucket(this, 'media', {
      ...location,
      name: environment.mediaBucket,
      siteUrl,
      mediaApplicationId: variable('media_application_id'),
      releaseApplicationId: variable('release_application_id'),
      abortUploadsAfterDays: environment.abortUploadsAfterDays,
      deletedFilesDays: environment.deletedFilesDays,
      protectData: environment.protectData,
    });

    const backups = new BackupBucket(this, 'backups', {
      ...location,
      name: environment.backupBucket,
      mediaApplicationId: variable('media_application_id'),
      releaseApplicationId: variable('release_application_id'),
      days: environment.backupDays,
      deletedFilesDays: environment.deletedFilesDays,
      protectData: environment.protectData,
    });

    const uploads = new UploadBucket(this, 'uploads', {
      ...location,
      name: environment.uploadBucket,
      mediaApplicationId: variable('media_application_id'),
      releaseApplicationId: variable('release_application_id'),
      partDays: PART_DAYS,
      protectData: environment.protectData,
    });

    const app = new AppContainer(this, 'app', {
      ...location,
      namespace: environment.containerNamespace,
      image: `${registryEndpoint(settings)}/${settings.image}:${variable('image_tag')}`,
      size: environment.container,
      environment: {
        STORAGE_BACKEND: 's3',
        S3_BUCKET: media.bucket.name,
        S3_REGION: location.region,
        S3_ENDPOINT: s3Endpoint(location.region),
        PUBLIC_URL: siteUrl,
        BACKUP_BUCKET: backups.bucket.name,
        BACKUP_RECIPIENT: variable('backup_recipient'),
        ...(environment.requireAdminPasskey && { REQUIRE_ADMIN_PASSKEY: 'on' }),
        UPLOAD_BUCKET: uploads.bucket.name,
        STATIC_DIR,
        // All traffic passes the platform's proxies. They append to X-Forwarded-For, in part
        // loopback and private addresses. Without that header all visitors share one address, and
        // one visitor's wrong passwords lock all of them out.
        TRUST_PROXY: 'auto',
      },
      secrets: {
        DATABASE_URL: variable('database_url'),
        DATABASE_CA: variable('database_ca'),
        JWT_SECRET: variable('jwt_secret'),
        S3_ACCESS_KEY_ID: variable('s3_access_key_id'),
        S3_SECRET_ACCESS_KEY: variable('s3_secret_access_key'),
        ...(environment.metrics && { METRICS_TOKEN: Fn.sha256(`${variable('jwt_secret')} metrics`) }),
      },
      after: [media.policy, backups.policy, uploads.policy],
    });

    new NightlyTrigger(this, 'nightly', {
      containerId: app.containerId,
      region: location.region,
      siteUrl,
      jwtSecret: variable('jwt_secret'),
    });

    new PlatformAlerts(this, 'alerts', { ...location, email: variable('alert_email') });

    const domain = new SiteDomain(this, 'site', {
      hostname: environment.hostname,
      zoneId: variable('route53_zone_id'),
      containerId: app.containerId,
      containerUrl: app.url,
      region: location.region,
    });

    declareOutputs(this, {
      container_url: {
        value: app.url,
        description: "The container's own address, which works before DNS does.",
      },
      domain_id: { value: domain.domainId, description: "The site's name at Scaleway, for its state." },
      site_url: { value: siteUrl, description: 'Where people find the site.' },
      bucket_endpoint: { value: media.bucket.endpoint, description: 'Where media files are fetched from.' },
      registry_endpoint: { value: registryEndpoint(settings), description: 'Where the image comes from.' },
    });
    this.requireVersion();
  }
}
