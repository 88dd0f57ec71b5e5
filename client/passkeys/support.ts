/**
 * Tells whether this page can use passkeys of the folder. Browsers offer them on HTTPS and on
 * localhost.
 *
 * @param host the host name that passkeys belong to, as `GET /api/auth/me` tells it
 */
export const canUsePasskeys = (host: string | undefined): boolean =>
  host === location.hostname && isSecureContext && 'PublicKeyCredential' in window;
