/**
 * Inputs of the release workflow from GitHub, and their names in OpenTofu. The workflows, the
 * bootstrap stack's outputs, the production stack's variables and docs/deploy.md agree with this
 * list. Tests enforce that.
 */
export interface ReleaseInput {
  /**
   * Stored as a GitHub secret, masked in logs, or as a variable, readable with access to the
   * repository.
   */
  kind: 'secret' | 'variable';
  /** The place where the operator finds the value. */
  from: string;
  /**
   * The environment variables (or options of `tofu init`) that receive it; empty if only the build
   * uses it.
   */
  becomes: readonly string[];
}

const BOOTSTRAP = 'bootstrap output';

export const releaseInputs = {
  SCW_ACCESS_KEY: {
    kind: 'secret',
    from: BOOTSTRAP,
    becomes: ['SCW_ACCESS_KEY', '-backend-config=access_key'],
  },
  SCW_SECRET_KEY: {
    kind: 'secret',
    from: BOOTSTRAP,
    becomes: ['SCW_SECRET_KEY', '-backend-config=secret_key'],
  },
  SCW_ORGANIZATION_ID: { kind: 'secret', from: BOOTSTRAP, becomes: ['SCW_DEFAULT_ORGANIZATION_ID'] },
  SCW_PROJECT_ID: {
    kind: 'secret',
    from: BOOTSTRAP,
    becomes: ['SCW_DEFAULT_PROJECT_ID', 'TF_VAR_project_id'],
  },
  AWS_ACCESS_KEY_ID: { kind: 'secret', from: 'AWS, step 4', becomes: ['AWS_ACCESS_KEY_ID'] },
  AWS_SECRET_ACCESS_KEY: { kind: 'secret', from: 'AWS, step 4', becomes: ['AWS_SECRET_ACCESS_KEY'] },
  DATABASE_URL: { kind: 'secret', from: 'Supabase, step 3', becomes: ['TF_VAR_database_url'] },
  DATABASE_CA: {
    kind: 'secret',
    from: 'Supabase, step 3: `base64 -w0 FILE`',
    becomes: ['TF_VAR_database_ca'],
  },
  JWT_SECRET: { kind: 'secret', from: '`openssl rand -hex 32`', becomes: ['TF_VAR_jwt_secret'] },
  S3_ACCESS_KEY_ID: { kind: 'secret', from: BOOTSTRAP, becomes: ['TF_VAR_s3_access_key_id'] },
  S3_SECRET_ACCESS_KEY: { kind: 'secret', from: BOOTSTRAP, becomes: ['TF_VAR_s3_secret_access_key'] },
  MEDIA_APPLICATION_ID: { kind: 'variable', from: BOOTSTRAP, becomes: ['TF_VAR_media_application_id'] },
  RELEASE_APPLICATION_ID: { kind: 'variable', from: BOOTSTRAP, becomes: ['TF_VAR_release_application_id'] },
  REGISTRY_ENDPOINT: { kind: 'variable', from: BOOTSTRAP, becomes: [] },
  ROUTE53_ZONE_ID: { kind: 'variable', from: 'Route 53, step 4', becomes: ['TF_VAR_route53_zone_id'] },
} as const satisfies Record<string, ReleaseInput>;

/** Variables that a release sets itself or that have a default, so nobody has to store them. */
export const DECIDED_BY_RELEASE = ['image_tag', 'region'];
