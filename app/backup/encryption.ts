import { Readable } from 'node:stream';
import { webStream } from '../util/web-stream.ts';
import { BackupError } from './backup.error.ts';

/*
 * age: https://age-encryption.org/v1. Anybody encrypts with the recipient, and only the identity
 * decrypts. The app gets the recipient alone, so a thief of the app's secrets reads no backup.
 * Loaded late: a cold start makes no backup.
 */
const age = () => import('age-encryption');

/** Makes a new identity, with its recipient. */
export async function newIdentity(): Promise<{ identity: string; recipient: string }> {
  const { generateX25519Identity, identityToRecipient } = await age();
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/**
 * Returns the step of a pipeline that encrypts. Errors: {@link BackupError} for a text that is no
 * recipient.
 */
export const encrypted = (recipient: string) =>
  async function* (source: AsyncIterable<Buffer>): AsyncIterable<Uint8Array> {
    const encrypter = new (await age()).Encrypter();
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw new BackupError('BACKUP_RECIPIENT is no age recipient: it begins with age1.', { cause });
    }
    yield* await encrypter.encrypt(webStream(Readable.from(source)));
  };

/**
 * Returns the step of a pipeline that decrypts. Every chunk is authenticated before it is passed
 * on. Errors: {@link BackupError} for another identity, and for a file that is damaged or no
 * backup.
 */
export const decrypted = (identity: string) =>
  async function* (source: AsyncIterable<Buffer>): AsyncIterable<Uint8Array> {
    const decrypter = new (await age()).Decrypter();
    try {
      decrypter.addIdentity(identity);
    } catch (cause) {
      throw new BackupError('That is no age identity: it begins with AGE-SECRET-KEY-1.', { cause });
    }
    try {
      yield* await decrypter.decrypt(webStream(Readable.from(source)));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : '';
      throw new BackupError(
        /no identity matched/.test(reason)
          ? 'The identity does not open this backup: it was made for another one.'
          : 'The file is damaged or no backup: it cannot be decrypted to its end.',
        { cause },
      );
    }
  };
