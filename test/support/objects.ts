import type { Storage } from '../../app/storage/storage.ts';

/** The keys of everything a storage has. */
export async function objectKeys(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list()) keys.push(key);
  return keys;
}
