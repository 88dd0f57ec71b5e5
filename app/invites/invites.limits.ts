/** Default lifetime of an invite in days. */
export const INVITE_DAYS = 7;

/** Maximum lifetime of an invite in days. */
export const MAX_INVITE_DAYS = 90;

/** Maximum length of the memo of an invite, in UTF-16 units. */
export const MAX_INVITE_NOTE_UNITS = 100;
