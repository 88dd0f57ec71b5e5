/** Maximum number of tokens of a user, the expired ones included. */
export const MAX_TOKENS = 20;

/** Maximum length of the name of a token, in UTF-16 units. */
export const MAX_TOKEN_NAME_UNITS = 60;

/** Longest life of a token that expires, in days: a year. */
export const MAX_TOKEN_DAYS = 366;
