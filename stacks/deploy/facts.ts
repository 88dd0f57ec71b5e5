import { shared } from '../environments.ts';
import { readRepository, type Repository } from './github.ts';
import { readZone, type Zone } from './route53.ts';
import { readAccount, type Account } from './scaleway.ts';
import type { Surroundings } from './surroundings.ts';

/** Facts that do not change during a run. Each is asked once. */
export interface Facts {
  account(): Promise<Account>;
  zone(): Promise<Zone>;
  repository(): Promise<Repository>;
  /** Whether the state bucket is in the project. */
  hasStateBucket(): Promise<boolean>;
  buckets(): Promise<string[]>;
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let known: Promise<Value> | undefined;
  return () => (known ??= read());
}

export function createFacts(on: Surroundings): Facts {
  const account = once(() => readAccount(on));
  const buckets = once(async () => on.buckets(await account()));
  return {
    account,
    buckets,
    zone: once(() => readZone(on)),
    repository: once(() => readRepository(on)),
    hasStateBucket: async () => (await buckets()).includes(shared.stateBucket),
  };
}
