/** foreign_key_violation */
const MISSING_ROW = '23503';
/** The constraints of the columns that refer to `users`. */
const OF_ACCOUNTS = /_(owner_id|user_id|added_by|created_by|used_by)_fkey$/;

/** Tells whether a row could not be stored because its account was deleted meanwhile. */
export const isAccountGone = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === MISSING_ROW &&
  'constraint' in error &&
  OF_ACCOUNTS.test(String(error.constraint));
