import { isFailureCode, type FailureCode } from '../../app/media/stages/failures.schema.ts';

/**
 * Returns the key of a failure's message in the media dictionary. A missing code, or one that only
 * a newer server knows, gets the general message.
 */
export const failureKey = (code: string | null): `why.${FailureCode}` =>
  code !== null && isFailureCode(code) ? `why.${code}` : 'why.unknown';
