import { z } from 'zod';
import { environments } from '../environments.ts';
import type { Surroundings } from './surroundings.ts';

export const SITE = `https://${environments.production.hostname}`;

/** A sleeping container may take this long. */
const TIMEOUT_MS = 20_000;

const health = z.object({ revision: z.string() });
const me = z.object({ firstAccount: z.boolean() });

/** Asks the site. `null`: it is not there yet, or not ready. */
async function ask<Shape extends z.ZodType>(
  on: Surroundings,
  shape: Shape,
  path: string,
): Promise<z.infer<Shape> | null> {
  try {
    const response = await on.fetch(`${SITE}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return response.ok ? shape.parse(await response.json()) : null;
  } catch {
    // No name, no certificate or another site under the name: the caller treats them alike.
    return null;
  }
}

/** Returns the commit that the site runs and is ready with; null if there is none. */
export async function liveRevision(on: Surroundings): Promise<string | null> {
  const ready = await ask(on, z.unknown(), '/api/ready');
  return ready === null ? null : ((await ask(on, health, '/api/health'))?.revision ?? null);
}

/** Tells whether the site has accounts; null while it does not answer. */
export async function hasAccounts(on: Surroundings): Promise<boolean | null> {
  const found = await ask(on, me, '/api/auth/me');
  return found === null ? null : !found.firstAccount;
}
