import { Problem } from './problem.ts';
import { printed, type Surroundings } from './surroundings.ts';

/** The identity that opens backups. It never leaves this machine. */
export const IDENTITY_FILE = 'meemikansio-identity.txt';

const RECIPIENT = /age1[0-9a-z]{58}/;

/** Returns the public half of the identity, which it makes if there is none. */
export async function recipient(on: Surroundings): Promise<string> {
  const [known] = RECIPIENT.exec(on.files.read(IDENTITY_FILE) ?? '') ?? [];
  if (known !== undefined) return known;
  const made = await printed(on, 'npm', ['run', '--silent', 'cli', '--', 'backup', 'keygen', IDENTITY_FILE]);
  const [found] = RECIPIENT.exec(made) ?? [];
  if (found === undefined)
    throw new Problem(`${IDENTITY_FILE} names no recipient: remove it, and run this again.`);
  return found;
}
