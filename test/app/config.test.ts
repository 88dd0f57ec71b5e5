import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environmentShape } from '../../app/config.schema.ts';
import { ConfigError, parseConfig } from '../../app/config.ts';

const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://user:secret@db.example/meemit',
  JWT_SECRET: 'x'.repeat(32),
};

/** Returns the message of the error. Fails if there is none. */
function problems(env: Record<string, string>): string {
  try {
    parseConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : '';
  }
  throw new Error('the environment was accepted');
}

describe('parseConfig', () => {
  it('needs nothing in development', () => {
    const config = parseConfig({});
    expect(config.production).toBe(false);
    expect(config.server.port).toBe(3000);
    expect(config.upload.maxBytes).toBe(100_000_000);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('takes an empty variable as not set', () => {
    expect(parseConfig({ PORT: '', DATABASE_URL: '' })).toEqual(parseConfig({}));
  });

  it('accepts a complete production environment', () => {
    expect(parseConfig(production).production).toBe(true);
  });

  it.each(['DATABASE_URL', 'JWT_SECRET'])('does not start in production without %s', (name) => {
    expect(problems({ ...production, [name]: '' })).toContain(name);
  });

  it('does not accept a short JWT_SECRET, and does not repeat it', () => {
    const message = problems({ ...production, JWT_SECRET: 'hunter2' });
    expect(message).toContain('JWT_SECRET');
    expect(message).not.toContain('hunter2');
  });

  it('names every bad variable at once', () => {
    const message = problems({ PORT: 'http', MAX_UPLOAD_MB: '0', LOG_LEVEL: 'loud', STORAGE_BACKEND: 'ftp' });
    for (const name of ['PORT', 'MAX_UPLOAD_MB', 'LOG_LEVEL', 'STORAGE_BACKEND'])
      expect(message).toContain(name);
  });

  it('names what STORAGE_BACKEND=s3 lacks', () => {
    const message = problems({ STORAGE_BACKEND: 's3', S3_BUCKET: 'memes' });
    for (const name of ['S3_REGION', 'S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']) {
      expect(message).toContain(name);
    }
    expect(message).not.toContain('S3_BUCKET');
  });
});

describe('REQUIRE_ADMIN_PASSKEY', () => {
  const required = (env: Record<string, string>) => ({ ...production, REQUIRE_ADMIN_PASSKEY: 'on', ...env });

  it('is off, unless it is on', () => {
    expect(parseConfig(production).auth.requireAdminPasskey).toBe(false);
    const { auth } = parseConfig(required({ PUBLIC_URL: 'https://meemit.example' }));
    expect(auth.requireAdminPasskey).toBe(true);
  });

  it.each([
    ['', /PUBLIC_URL: is required for REQUIRE_ADMIN_PASSKEY=on/],
    ['http://meemit.example', /PUBLIC_URL: must be https/],
    ['https://192.0.2.1', /PUBLIC_URL: must be https/],
  ])('does not start where nobody could add a passkey: PUBLIC_URL "%s"', (PUBLIC_URL, message) => {
    expect(problems(required({ PUBLIC_URL }))).toMatch(message);
  });

  it('needs no PUBLIC_URL in development, where localhost has passkeys', () => {
    expect(parseConfig({ REQUIRE_ADMIN_PASSKEY: 'on' }).auth.requireAdminPasskey).toBe(true);
  });
});

describe('UPLOAD_BUCKET', () => {
  const bucket = {
    STORAGE_BACKEND: 's3',
    S3_BUCKET: 'memes',
    S3_REGION: 'fr-par',
    S3_ENDPOINT: 'https://s3.example',
    S3_ACCESS_KEY_ID: 'key',
    S3_SECRET_ACCESS_KEY: 'secret',
  };

  it('needs the address and key of the media bucket, and is neither it nor that of the backups', () => {
    expect(parseConfig({ ...bucket, UPLOAD_BUCKET: 'parts' }).upload.bucket).toBe('parts');
    expect(parseConfig(bucket).upload.bucket).toBeUndefined();
    expect(problems({ UPLOAD_BUCKET: 'parts' })).toContain('S3_ENDPOINT: is required for UPLOAD_BUCKET');
    expect(problems({ ...bucket, UPLOAD_BUCKET: 'memes' })).toContain('must not be that of S3_BUCKET');
    expect(problems({ ...bucket, BACKUP_BUCKET: 'rows', UPLOAD_BUCKET: 'rows' })).toContain(
      'must not be that of BACKUP_BUCKET',
    );
  });
});

describe('TRUST_PROXY', () => {
  it.each([
    ['', 0],
    ['0', 0],
    ['false', 0],
    ['true', 1],
    ['2', 2],
    ['10', 10],
    ['auto', { networks: [] }],
    ['203.0.113.7', { networks: ['203.0.113.7'] }],
    ['auto, 203.0.113.0/24,2001:db8::/32', { networks: ['203.0.113.0/24', '2001:db8::/32'] }],
  ])('"%s" is %j', (value, expected) => {
    expect(parseConfig({ TRUST_PROXY: value }).server.trustedProxies).toEqual(expected);
  });

  it.each([
    '11',
    '-1',
    '1.5',
    'yes',
    'auto,',
    '203.0.113.0/33',
    '2001:db8::/129',
    '10.0.0.0/8/8',
    'proxy.example',
  ])('is refused as %s, with what it may be', (value) => {
    expect(problems({ TRUST_PROXY: value })).toMatch(/TRUST_PROXY: must be auto, networks such as/);
  });
});

describe('.env.example', () => {
  const lines = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8').split('\n');
  const names = lines.flatMap((line) => /^#? ?([A-Z0-9_]+)=/.exec(line)?.[1] ?? []);

  it('lists every variable the app knows, and no other', () => {
    expect(names.toSorted()).toEqual(Object.keys(environmentShape).toSorted());
  });

  it('explains each in the words of the schema', () => {
    const text = lines.join(' ').replaceAll(/ ?# /g, ' ').replaceAll(/\s+/g, ' ');
    for (const [name, schema] of Object.entries(environmentShape)) {
      expect(text, name).toContain(schema.description);
    }
  });
});
