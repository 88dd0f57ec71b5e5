import { z } from 'zod';
import { environmentShape, REQUIRED_FOR_S3, REQUIRED_IN_PRODUCTION } from './config.schema.ts';
import { relyingPartyAt } from './http/relying-party.ts';

const environment = z.object(environmentShape).superRefine((values, context) => {
  const demand = (name: keyof typeof values, why: string) => {
    if (values[name] === undefined)
      context.addIssue({ code: 'custom', path: [name], message: `is required ${why}` });
  };
  if (values.NODE_ENV === 'production')
    for (const name of REQUIRED_IN_PRODUCTION) demand(name, 'in production');
  if (values.REQUIRE_ADMIN_PASSKEY === 'on') {
    // Nobody could add the passkey that is required.
    if (values.NODE_ENV === 'production') demand('PUBLIC_URL', 'for REQUIRE_ADMIN_PASSKEY=on');
    if (values.PUBLIC_URL !== undefined && relyingPartyAt(values.PUBLIC_URL) === null)
      context.addIssue({
        code: 'custom',
        path: ['PUBLIC_URL'],
        message: 'must be https:// with a host name for REQUIRE_ADMIN_PASSKEY=on',
      });
  }
  if (values.STORAGE_BACKEND === 's3')
    for (const name of REQUIRED_FOR_S3) demand(name, 'for STORAGE_BACKEND=s3');
  if (values.BACKUP_BUCKET !== undefined)
    for (const name of REQUIRED_FOR_S3) demand(name, 'for BACKUP_BUCKET');
  if (values.UPLOAD_BUCKET !== undefined)
    for (const name of REQUIRED_FOR_S3) demand(name, 'for UPLOAD_BUCKET');
  // Everybody may read the media bucket by its keys, and the app may not delete backups.
  for (const other of ['S3_BUCKET', 'BACKUP_BUCKET'] as const)
    if (values.UPLOAD_BUCKET !== undefined && values.UPLOAD_BUCKET === values[other])
      context.addIssue({ code: 'custom', path: ['UPLOAD_BUCKET'], message: `must not be that of ${other}` });
  // The disk of such a process is mostly gone with it.
  if (values.BACKUP_RECIPIENT !== undefined && values.STORAGE_BACKEND === 's3')
    demand('BACKUP_BUCKET', 'for BACKUP_RECIPIENT with STORAGE_BACKEND=s3');
});

/**
 * The settings of one process, grouped by the part that uses them. Paths are as given, sizes in
 * bytes.
 */
export type Config = ReturnType<typeof parseConfig>;

/** Names every wrong variable, but never a value: it may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Parses an environment. Throws {@link ConfigError} that lists every bad variable, a line each.
 *
 * @param env normally `process.env`
 */
export function parseConfig(env: Record<string, string | undefined>) {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`These environment variables are wrong (see .env.example):\n${lines.join('\n')}`);
  }
  const values = parsed.data;
  return Object.freeze({
    production: values.NODE_ENV === 'production',
    server: {
      host: values.HOST,
      port: values.PORT,
      publicUrl: values.PUBLIC_URL,
      staticDir: values.STATIC_DIR,
      trustedProxies: values.TRUST_PROXY,
    },
    database: {
      url: values.DATABASE_URL,
      ca: values.DATABASE_CA,
      connections: values.DATABASE_CONNECTIONS,
    },
    auth: {
      jwtSecret: values.JWT_SECRET,
      setupCode: values.SETUP_CODE,
      requireAdminPasskey: values.REQUIRE_ADMIN_PASSKEY === 'on',
    },
    storage: storageConfig(values),
    backup: { recipient: values.BACKUP_RECIPIENT, bucket: values.BACKUP_BUCKET },
    tracing: tracingConfig(values),
    metrics: { token: values.METRICS_TOKEN },
    dataDir: values.DATA_DIR,
    upload: { maxBytes: values.MAX_UPLOAD_MB * 1_000_000, bucket: values.UPLOAD_BUCKET },
    fetch: { enabled: values.FETCH_URLS === 'on' },
    ffmpeg: { path: values.FFMPEG_PATH },
    ocr: { enabled: values.OCR === 'on', concurrency: values.OCR_CONCURRENCY },
    revision: values.REVISION,
    logLevel: values.LOG_LEVEL,
  });
}

/** Returns the collector of the traces, if there is one. */
function tracingConfig(values: z.infer<typeof environment>) {
  if (values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return null;
  return {
    url: `${values.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`,
    headers: values.OTEL_EXPORTER_OTLP_HEADERS ?? {},
    serviceName: values.OTEL_SERVICE_NAME,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
  };
}

function storageConfig(values: z.infer<typeof environment>) {
  if (values.STORAGE_BACKEND === 'local') return { backend: 'local', s3: s3Config(values) } as const;
  return { backend: 's3', s3: s3Config(values) } as const;
}

/**
 * Returns the bucket if it is configured completely. Local storage may have one too, for moving
 * between the two.
 */
function s3Config(values: z.infer<typeof environment>) {
  const { S3_BUCKET: bucket, S3_REGION: region, S3_ENDPOINT: endpoint } = values;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = values;
  if (!bucket || !region || !endpoint || !accessKeyId || !secretAccessKey) return null;
  return {
    bucket,
    region,
    endpoint,
    accessKeyId,
    secretAccessKey,
    forcePathStyle: values.S3_FORCE_PATH_STYLE,
    publicUrl: values.S3_PUBLIC_URL ?? `https://${bucket}.s3.${region}.scw.cloud`,
  };
}

/** The only reader of `process.env` in the app. */
export const readConfig = (): Config => parseConfig(process.env);
