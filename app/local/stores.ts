import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';

/** Names the database and the storage of a process, without any secret. */
export function describeStores({ database, dataDir, storage }: Config): string {
  return `database: ${databaseName(database.url, dataDir)}; files: ${
    storage.backend === 's3' && storage.s3
      ? `bucket ${storage.s3.bucket} at ${storage.s3.endpoint}`
      : resolve(join(dataDir, 'media'))
  }`;
}

function databaseName(url: string | undefined, dataDir: string): string {
  if (url === undefined) return `the embedded PostgreSQL in ${resolve(join(dataDir, 'postgres'))}`;
  const { host, pathname } = new URL(url);
  return `${pathname.slice(1) || 'the default one'} at ${host} (DATABASE_URL)`;
}
