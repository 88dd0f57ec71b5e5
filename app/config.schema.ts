import { z } from 'zod';
import { isNetwork } from './http/ip-address.ts';

/**
 * Every environment variable of the app, with its meaning, unit and default. `app/config.ts` parses
 * `process.env` with it. The stacks use the names, so that a deployment cannot set an unknown
 * variable.
 */

/** An empty variable means "not set", as in shells, compose files and CI. */
const unset = (value: unknown): unknown => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(unset, schema.optional());
const withDefault = <T extends z.ZodType>(schema: T, value: z.input<T>) =>
  z.preprocess((input) => unset(input) ?? value, schema);

const port = z.coerce.number().int().min(0).max(65_535);
const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
/** More proxies in a row than any deployment has. */
const MAX_PROXIES = 10;
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** A number of proxies, or the non-private networks of proxies; see app/http/client-address.ts. */
const trustedProxies = z.string().transform((text, context): number | { networks: string[] } => {
  if (text === 'true' || text === 'false') return text === 'true' ? 1 : 0;
  if (/^\d{1,2}$/.test(text) && Number(text) <= MAX_PROXIES) return Number(text);
  const networks = text.split(',').map((part) => part.trim());
  if (networks.every((network) => network === 'auto' || isNetwork(network)))
    return { networks: networks.filter((network) => network !== 'auto') };
  context.addIssue({
    code: 'custom',
    message: `must be auto, networks such as 203.0.113.0/24 with commas between, or 0 to ${MAX_PROXIES}`,
  });
  return z.NEVER;
});

/** https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables */
const otlpHeaders = z.string().transform((text, context): Record<string, string> => {
  try {
    const pairs = text.split(',').map((pair): [string, string] => {
      const [, name = '', value = ''] = /^\s*([\w-]+)\s*=(.*)$/.exec(pair) ?? [];
      if (name === '') throw new URIError('no name');
      return [name.toLowerCase(), decodeURIComponent(value.trim())];
    });
    return Object.fromEntries(pairs);
  } catch {
    context.addIssue({
      code: 'custom',
      message: 'must be name=value, commas between, values percent-encoded',
    });
    return z.NEVER;
  }
});

export const environmentShape = {
  NODE_ENV: withDefault(z.enum(['development', 'production', 'test']), 'development').describe(
    '`production` requires DATABASE_URL and JWT_SECRET and marks cookies Secure.',
  ),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })).describe(
    'PostgreSQL 15 or newer. Unset outside production: an embedded server in DATA_DIR.',
  ),
  DATABASE_CA: optional(z.string().min(1)).describe(
    'CA certificate for DATABASE_URL: PEM, PEM in base64, or a path; `system`: the public CAs. `sslmode` in DATABASE_URL decides its use.',
  ),
  DATABASE_CONNECTIONS: withDefault(z.coerce.number().int().min(5).max(100), 15).describe(
    'Maximum number of database connections of one process; up to 5 of them for jobs.',
  ),
  JWT_SECRET: optional(z.string().min(32)).describe(
    'Signs session cookies, at least 32 characters. Unset outside production: generated once and kept in DATA_DIR.',
  ),
  SETUP_CODE: optional(z.string().trim().min(12)).describe(
    'What the first account, the administrator, needs in production; at least 12 characters. Unset: the start prints a code until that account exists. `user create NAME --admin` needs none.',
  ),
  REQUIRE_ADMIN_PASSKEY: withDefault(z.enum(['on', 'off']), 'off').describe(
    '`on` requires a passkey of administrators: a session by password only leads to one. Production needs PUBLIC_URL for it.',
  ),
  STORAGE_BACKEND: withDefault(z.enum(['local', 's3']), 'local').describe(
    'Where media files are stored: `local` or `s3`.',
  ),
  S3_BUCKET: optional(z.string().min(3).max(63)).describe('Name of the media bucket.'),
  S3_REGION: optional(z.string().min(1)).describe('Region of the bucket, for example fr-par.'),
  S3_ENDPOINT: optional(httpUrl).describe('Address of the S3 API, for example https://s3.fr-par.scw.cloud.'),
  S3_ACCESS_KEY_ID: optional(z.string().min(1)).describe('Access key for the bucket.'),
  S3_SECRET_ACCESS_KEY: optional(z.string().min(1)).describe('Secret of that key.'),
  S3_FORCE_PATH_STYLE: withDefault(flag, 'false').describe(
    '`true` for servers without virtual-host addressing.',
  ),
  S3_PUBLIC_URL: optional(httpUrl).describe(
    'Public address of the objects, if not https://{bucket}.s3.{region}.scw.cloud.',
  ),
  BACKUP_RECIPIENT: optional(z.string().regex(/^age1[0-9a-z]{50,}$/)).describe(
    'The age recipient that backups are encrypted to: age1… `backup keygen` makes it. Unset: no backups.',
  ),
  BACKUP_BUCKET: optional(z.string().min(3).max(63)).describe(
    'Bucket of the backups, with the address and the key of the media bucket. Unset: `backups` in DATA_DIR.',
  ),
  UPLOAD_BUCKET: optional(z.string().min(3).max(63)).describe(
    'Private bucket of the parts of unfinished uploads, with the address and the key of the media bucket. Unset: `uploads` in DATA_DIR.',
  ),
  METRICS_TOKEN: optional(z.string().min(32)).describe(
    'What a collector sends to /api/metrics as `Authorization: Bearer …`, at least 32 characters. Unset: nothing is measured, and the address does not exist.',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(httpUrl).describe(
    'Address of an OpenTelemetry collector (OTLP over HTTP). Traces go to `/v1/traces` under it. Unset: no traces.',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: optional(otlpHeaders).describe(
    'Headers for the collector: `name=value`, commas between, values percent-encoded.',
  ),
  OTEL_SERVICE_NAME: withDefault(z.string().min(1), 'meemikansio').describe(
    'Name of this service in its traces.',
  ),
  OTEL_TRACES_SAMPLER_ARG: withDefault(z.coerce.number().min(0).max(1), 1).describe(
    'Part of the requests and jobs that are traced, 0 to 1 (the sampler parentbased_traceidratio).',
  ),
  STATIC_DIR: withDefault(z.string(), 'dist/client').describe('Directory of the built single-page app.'),
  PORT: withDefault(port, 3000).describe('TCP port to listen on; 0 takes any free one.'),
  HOST: withDefault(z.string(), '0.0.0.0').describe('Address to listen on.'),
  DATA_DIR: withDefault(z.string(), 'data').describe(
    'Directory of the embedded database, local storage and temporary files.',
  ),
  PUBLIC_URL: optional(httpUrl).describe(
    'Public address of the site, for links, the same-origin check and passkeys. Unset: the address of the request, and passkeys on localhost only.',
  ),
  TRUST_PROXY: withDefault(trustedProxies, '0').describe(
    'Proxies whose X-Forwarded-For counts. `auto`: proxies in private networks; the visitor is the last public address. Networks separated by commas: proxies there too. A number: the outermost of that many proxies; `true` is 1. 0: none.',
  ),
  MAX_UPLOAD_MB: withDefault(z.coerce.number().int().min(1).max(4096), 100).describe(
    'Largest accepted file, in megabytes of 1,000,000 bytes.',
  ),
  FETCH_URLS: withDefault(z.enum(['on', 'off']), 'on').describe(
    '`off` turns off adding pictures and videos by their address on the internet.',
  ),
  FFMPEG_PATH: optional(z.string().min(1)).describe(
    'Path of ffmpeg 5.1 or newer. Unset: `ffmpeg` on the PATH, else the optional package ffmpeg-static. Without ffmpeg, videos are refused.',
  ),
  OCR: withDefault(z.enum(['on', 'off']), 'on').describe('`off` turns off reading the words in pictures.'),
  OCR_CONCURRENCY: withDefault(z.coerce.number().int().min(1).max(64), 1).describe(
    'Number of OCR processes, at most one per core. Each takes about 350 MB and one core, and reads one picture at a time.',
  ),
  REVISION: withDefault(z.string().regex(/^[\w.-]{1,64}$/), 'development').describe(
    'Git commit of the build, set by the image. /api/health and the account menu show it.',
  ),
  LOG_LEVEL: withDefault(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    'info',
  ).describe('Lowest level of the log lines that are written.'),
} as const;

/** The name of a variable the app knows. */
export type EnvironmentVariable = keyof typeof environmentShape;

/** Variables that `NODE_ENV=production` requires. */
export const REQUIRED_IN_PRODUCTION = ['DATABASE_URL', 'JWT_SECRET'] as const satisfies EnvironmentVariable[];

/** Variables that `STORAGE_BACKEND=s3` requires. */
export const REQUIRED_FOR_S3 = [
  'S3_BUCKET',
  'S3_REGION',
  'S3_ENDPOINT',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
] as const satisfies EnvironmentVariable[];
