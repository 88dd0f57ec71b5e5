import { createHash } from 'node:crypto';
import { isSameSecret } from '../util/same-secret.ts';

/**
 * Tells whether a token is that of the nightly trigger: the SHA-256 of `{secret} nightly` in hex.
 * The production stack computes the same from JWT_SECRET, so no further secret is kept. JWT_SECRET
 * is random, so its hash reveals nothing of it.
 */
export const createNightlyToken = (secret: string): ((given: string) => boolean) => {
  const token = createHash('sha256').update(`${secret} nightly`).digest('hex');
  return (given) => isSameSecret(given, token);
};
