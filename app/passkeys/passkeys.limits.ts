/** Maximum number of passkeys of a user. */
export const MAX_PASSKEYS = 10;

/** Maximum length of the name of a passkey, in UTF-16 units. */
export const MAX_PASSKEY_NAME_UNITS = 60;

/** Lifetime of a challenge, in seconds: as long as the dialog of the browser may take. */
export const CHALLENGE_SECONDS = 300;
