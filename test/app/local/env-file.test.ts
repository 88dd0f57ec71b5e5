import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { meantBy, readEnvFile } from '../../../app/local/env-file.ts';

let folder: string;
const before = { ...process.env };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-env-'));
});
afterEach(async () => {
  for (const name of ['MAX_UPLOAD_MB', 'MAX_UPLOADS_MB', 'PUBLIC_URL', 'POSTGRES_PASSWORD'])
    if (before[name] === undefined) delete process.env[name];
  await rm(folder, { recursive: true, force: true });
});

async function write(...lines: string[]): Promise<string> {
  const path = join(folder, '.env');
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

describe('.env', () => {
  it('is read, but never over a variable that is set', async () => {
    process.env['PUBLIC_URL'] = 'https://set.example';
    const path = await write('PUBLIC_URL=https://file.example', 'MAX_UPLOAD_MB=7');
    expect(readEnvFile(path)).toEqual(['.env: read 2 variables']);
    expect(process.env['PUBLIC_URL']).toBe('https://set.example');
    expect(process.env['MAX_UPLOAD_MB']).toBe('7');
  });

  it('may be absent', () => {
    expect(readEnvFile(join(folder, '.env'))).toEqual([]);
  });

  it('has its typing mistakes pointed out, and no names of other programs', async () => {
    const path = await write('MAX_UPLOADS_MB=7', 'POSTGRES_PASSWORD=x');
    expect(readEnvFile(path)).toEqual([
      '.env: read 2 variables',
      '.env: there is no variable MAX_UPLOADS_MB; is it MAX_UPLOAD_MB? See .env.example.',
    ]);
  });
});

describe('an unknown name', () => {
  it.each([
    ['DATABSE_URL', 'DATABASE_URL'],
    ['database_url', 'DATABASE_URL'],
    ['DATABASEURL', 'DATABASE_URL'],
    ['JWT_SECRETS', 'JWT_SECRET'],
    ['PORTS', 'PORT'],
    ['S3_BUKET', 'S3_BUCKET'],
  ])('%s is probably %s', (name, meant) => expect(meantBy(name)).toBe(meant));

  it.each(['PORT', 'OCR', 'POSTGRES_PASSWORD', 'FFMPEG', 'PUBLISH', 'PATH', 'TZ', 'OCD', 'HOME'])(
    '%s is left alone',
    (name) => expect(meantBy(name)).toBeUndefined(),
  );
});
