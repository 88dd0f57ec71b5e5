/** Removes secrets from texts. */
export interface Redaction {
  hide: (secret: string) => void;
  /** Returns a text without the secrets. */
  clean(text: string): string;
  /** Tells whether a text holds a secret. */
  holds(text: string): boolean;
}

/** A shorter value would blank out ordinary words. */
const SHORTEST = 6;

export function createRedaction(): Redaction {
  const secrets = new Set<string>();
  return {
    hide(secret) {
      if (secret.length < SHORTEST) return;
      secrets.add(secret);
      // A connection string shows its password in other messages, too.
      const password = URL.parse(secret)?.password;
      if (password && password.length >= SHORTEST) secrets.add(password).add(decodeURIComponent(password));
    },
    clean: (text) =>
      [...secrets]
        .sort((one, other) => other.length - one.length)
        .reduce((clean, secret) => clean.replaceAll(secret, '•••'), text),
    holds: (text) => [...secrets].some((secret) => text.includes(secret)),
  };
}
