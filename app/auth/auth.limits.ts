/**
 * Minimum length of a new password. NIST SP 800-63B §3.1.1: length counts, without composition
 * rules.
 */
export const MIN_PASSWORD_CHARACTERS = 10;

/** Maximum length of a password. It bounds the work of hashing. */
export const MAX_PASSWORD_BYTES = 1000;

/** Maximum length of a typed username, in UTF-16 units: NFKC may shorten it. */
export const MAX_TYPED_NAME_UNITS = 128;
