import type { Storage } from '../../app/storage/storage.ts';

/** Returns the keys of all objects in a storage. */
export async function objectKeys(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list()) keys.push(key);
  return keys;
}
