import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readWhole, writeWhole } from '../util/whole-file.ts';

const SECRET_BYTES = 32;
const ADVICE = 'Remove it and start again: another one is made, and everybody has to sign in anew.';

/**
 * Reads the signing secret of an installation without JWT_SECRET; creates it at the first start.
 * The file `jwt-secret` holds 64 hexadecimal digits, so sessions outlive a restart. Throws
 * `IncompleteFileError` for an empty or truncated file.
 */
export async function ownSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'jwt-secret');
  const read = () => readWhole(path, 2 * SECRET_BYTES, ADVICE);
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
