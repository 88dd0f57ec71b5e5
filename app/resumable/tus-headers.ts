import { z } from 'zod';
import { cleanName } from '../http/multipart.ts';
import { uploadFields } from '../media/upload.schema.ts';

/** The headers of tus 1.0: https://tus.io/protocols/resumable-upload */
export const TUS_VERSION = '1.0.0';
export const TUS_EXTENSIONS = 'creation,expiration,termination';
/** Media type of the body of a `PATCH`. */
export const OFFSET_STREAM = 'application/offset+octet-stream';

/** A number of bytes in a header: `Upload-Length`, `Upload-Offset`. */
export const byteCount = z
  .string('This header is missing.')
  .regex(/^\d{1,15}$/, 'This is no number of bytes.')
  .transform(Number);

/** The known keys of `Upload-Metadata`. */
const known = uploadFields.extend({
  filename: z.string().default('').transform(cleanName),
  /** Of the whole file. A later `POST` with the same finds this upload. The end is compared. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'Use 64 digits of hexadecimal, in lower case.')
    .optional()
    .transform((hash) => hash ?? null),
});

/**
 * `Upload-Metadata`: pairs with commas between, each a key, a space, and the value in base64 of its
 * UTF-8. A key may stand alone. Unknown keys are ignored.
 */
export const uploadMetadata = z
  .string()
  .default('')
  .transform((text, context) => {
    const pairs: [string, string][] = [];
    for (const pair of text.split(',').map((one) => one.trim())) {
      if (pair === '') continue;
      const parsed = parsePair(pair);
      if (parsed) pairs.push(parsed);
      else context.addIssue({ code: 'custom', message: 'Use keys, each with a value in base64 of UTF-8.' });
    }
    return Object.fromEntries(pairs);
  })
  .pipe(known);

export type UploadMetadata = z.output<typeof uploadMetadata>;

function parsePair(pair: string): [string, string] | null {
  const [, key, value = ''] = /^([\w.-]+)(?: +([A-Za-z0-9+/]*={0,2}))?$/.exec(pair) ?? [];
  if (key === undefined) return null;
  try {
    return [key, new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'base64'))];
  } catch {
    // These bytes are no UTF-8: the caller reports the header.
    return null;
  }
}
