import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Tells whether a token is that of the nightly trigger: the SHA-256 of `{secret} nightly` in hex.
 * The production stack computes the same from JWT_SECRET, so no further secret is kept. JWT_SECRET
 * is random, so its hash reveals nothing of it.
 */
export const createNightlyToken = (secret: string): ((given: string) => boolean) => {
  const token = sha256(`${secret} nightly`).toString('hex');
  return (given) => timingSafeEqual(sha256(given), sha256(token));
};

const sha256 = (text: string) => createHash('sha256').update(text).digest();
