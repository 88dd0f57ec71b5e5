/**
 * The scopes of API tokens. `admin` is for admins: without it a token acts as that of a
 * member. No scope includes another.
 */
export const TOKEN_SCOPES = ['read', 'upload', 'edit', 'admin'] as const;

export type TokenScope = (typeof TOKEN_SCOPES)[number];
