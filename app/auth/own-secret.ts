import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readWhole, writeWhole } from '../util/whole-file.ts';

const SECRET_BYTES = 32;
const ADVICE = 'Remove it and start again: another one is made, and everybody has to sign in anew.';

/**
 * Development needs no JWT_SECRET: one is made at the first start, 64 hexadecimal digits in `jwt-secret`, and kept, so that
 * sessions outlive a restart. Throws `IncompleteFileError` for one that is empty or cut short.
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
