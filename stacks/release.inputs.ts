/**
 * Inputs of the workflows from GitHub, and their names in OpenTofu. The workflows, the bootstrap
 * stack's outputs, the production stack's variables and docs/deploy-reference.md agree with this
 * list. Tests enforce that.
 */
export interface ReleaseInput {
  /**
   * Stored as a GitHub secret, masked in logs, or as a variable, readable with access to the
   * repository.
   */
  kind: 'secret' | 'variable';
  /**
   * The GitHub environment that guards it. A variable is none's: ids and names open nothing. Each
   * secret has one name in one environment.
   */
  environment: 'build' | 'plan' | 'production' | 'repository';
  /** The place where the operator finds the value. */
  from: string;
  /**
   * The environment variables that receive it in a release; empty if a release does not need it.
   */
  becomes: readonly string[];
  /** A release works without it; nobody is asked for it. */
  optional?: true;
  /** A value of the right shape, for a plan without secrets. */
  standIn?: string;
}

const BOOTSTRAP = 'bootstrap output';

export const releaseInputs = {
  BUILD_SCW_SECRET_KEY: { kind: 'secret', environment: 'build', from: BOOTSTRAP, becomes: [] },
  PLAN_SCW_ACCESS_KEY: { kind: 'secret', environment: 'plan', from: BOOTSTRAP, becomes: [] },
  PLAN_SCW_SECRET_KEY: { kind: 'secret', environment: 'plan', from: BOOTSTRAP, becomes: [] },
  SCW_ACCESS_KEY: {
    kind: 'secret',
    environment: 'production',
    from: BOOTSTRAP,
    becomes: ['SCW_ACCESS_KEY'],
  },
  SCW_SECRET_KEY: {
    kind: 'secret',
    environment: 'production',
    from: BOOTSTRAP,
    becomes: ['SCW_SECRET_KEY'],
  },
  DATABASE_URL: {
    kind: 'secret',
    environment: 'production',
    from: 'Supabase',
    becomes: ['TF_VAR_database_url'],
    standIn: 'postgresql://plan:plan@plan.example:5432/plan?sslmode=verify-full',
  },
  DATABASE_CA: {
    kind: 'secret',
    environment: 'production',
    from: 'Supabase: `base64 -w0 FILE`',
    becomes: ['TF_VAR_database_ca'],
    standIn: 'system',
  },
  JWT_SECRET: {
    kind: 'secret',
    environment: 'production',
    from: '`openssl rand -hex 32`',
    becomes: ['TF_VAR_jwt_secret'],
    standIn: 'plan'.repeat(8),
  },
  S3_ACCESS_KEY_ID: {
    kind: 'secret',
    environment: 'production',
    from: BOOTSTRAP,
    becomes: ['TF_VAR_s3_access_key_id'],
    standIn: `SCW${'X'.repeat(17)}`,
  },
  S3_SECRET_ACCESS_KEY: {
    kind: 'secret',
    environment: 'production',
    from: BOOTSTRAP,
    becomes: ['TF_VAR_s3_secret_access_key'],
    standIn: '11111111-1111-4111-8111-111111111111',
  },
  AWS_ACCESS_KEY_ID: {
    kind: 'secret',
    environment: 'production',
    from: 'AWS, only without a role',
    becomes: ['AWS_ACCESS_KEY_ID'],
  },
  AWS_SECRET_ACCESS_KEY: {
    kind: 'secret',
    environment: 'production',
    from: 'AWS, only without a role',
    becomes: ['AWS_SECRET_ACCESS_KEY'],
  },
  ALERT_EMAIL: {
    kind: 'variable',
    environment: 'repository',
    from: 'your own address, or nothing: no alerts',
    becomes: ['TF_VAR_alert_email'],
    optional: true,
  },
  AWS_ROLE_ARN: {
    kind: 'variable',
    environment: 'repository',
    from: 'AWS: the role',
    becomes: ['AWS_ROLE_ARN'],
  },
  BACKUP_RECIPIENT: {
    kind: 'variable',
    environment: 'repository',
    from: '`npm run cli -- backup keygen FILE`',
    becomes: ['TF_VAR_backup_recipient'],
  },
  ROUTE53_ZONE_ID: {
    kind: 'variable',
    environment: 'repository',
    from: 'Route 53',
    becomes: ['TF_VAR_route53_zone_id'],
  },
  SCW_ORGANIZATION_ID: {
    kind: 'variable',
    environment: 'repository',
    from: BOOTSTRAP,
    becomes: ['SCW_DEFAULT_ORGANIZATION_ID'],
  },
  SCW_PROJECT_ID: {
    kind: 'variable',
    environment: 'repository',
    from: BOOTSTRAP,
    becomes: ['SCW_DEFAULT_PROJECT_ID', 'TF_VAR_project_id'],
  },
  MEDIA_APPLICATION_ID: {
    kind: 'variable',
    environment: 'repository',
    from: BOOTSTRAP,
    becomes: ['TF_VAR_media_application_id'],
  },
  RELEASE_APPLICATION_ID: {
    kind: 'variable',
    environment: 'repository',
    from: BOOTSTRAP,
    becomes: ['TF_VAR_release_application_id'],
  },
} as const satisfies Record<string, ReleaseInput>;

/**
 * Returns the values that stand in for the app's secrets where a plan must not have them. The plan
 * then shows the container as changed: a secret counts as a change of it.
 */
export const standIns = (): Record<string, string> =>
  Object.fromEntries(
    Object.values<ReleaseInput>(releaseInputs).flatMap(({ becomes, standIn }) =>
      standIn === undefined ? [] : becomes.map((name): [string, string] => [name, standIn]),
    ),
  );

/** Variables that a release sets itself or that have a default, so nobody has to store them. */
export const DECIDED_BY_RELEASE = ['image_tag', 'region'];
