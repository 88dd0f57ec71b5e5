import { Problem } from './problem.ts';
import type { Files } from './surroundings.ts';

const PEM = '-----BEGIN CERTIFICATE-----';

/**
 * Returns the CA of the database as the stack wants it: `system`, or PEM in base64.
 *
 * @param given that already, PEM, or the path of a file
 * @throws Problem if it is none of these
 */
export function certificateOf(given: string, files: Pick<Files, 'read'>): string {
  if (given === 'system') return given;
  if (Buffer.from(given, 'base64').toString().includes(PEM)) return given;
  const text = given.includes(PEM) ? given : files.read(given);
  if (text?.includes(PEM)) return Buffer.from(text).toString('base64');
  throw new Problem(
    `DATABASE_CA is no certificate: give the path of the file that Supabase offers, or the word system for a public CA.`,
  );
}
