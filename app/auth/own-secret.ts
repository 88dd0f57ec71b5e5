import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { IncompleteFileError, readWhole, writeWhole } from '../util/whole-file.ts';

const SECRET_BYTES = 32;
const SECRET = /^[0-9a-f]{64}$/;
const ADVICE = 'Remove it and start again: another one is made, and everybody has to sign in anew.';

/**
 * Reads the signing secret of an installation without JWT_SECRET; creates it at the first start.
 * The file `jwt-secret` holds 64 hexadecimal digits, so sessions outlive a restart. Throws
 * `IncompleteFileError` for an empty or truncated file, and for one with anything else. A power cut
 * can leave a file of zero bytes, which everybody can guess.
 */
export async function ownSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'jwt-secret');
  const read = async () => {
    const text = await readWhole(path, 2 * SECRET_BYTES, ADVICE);
    if (text === null || SECRET.test(text)) return text;
    throw new IncompleteFileError(`${path} does not hold ${2 * SECRET_BYTES} hexadecimal digits. ${ADVICE}`);
  };
  const known = await read();
  if (known !== null) return known;
  const made = randomBytes(SECRET_BYTES).toString('hex');
  try {
    await writeWhole(path, made, { mode: 0o600, exclusive: true });
    return made;
  } catch (error) {
    // Another process on this folder was faster.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return (await read()) ?? made;
  }
}
