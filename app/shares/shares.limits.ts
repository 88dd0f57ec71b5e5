/** Maximum number of items that one share shows. */
export const MAX_SHARE_ITEMS = 100;

/** Number of items that the lists of shares show of each share. */
export const SHARE_PREVIEW_ITEMS = 4;

/** Lifetimes that a share can have, in days; `null`: it never expires. */
export const SHARE_LIFETIME_DAYS = { never: null, day: 1, week: 7, month: 30 } as const;

/** A lifetime of {@link SHARE_LIFETIME_DAYS}. */
export type ShareLifetime = keyof typeof SHARE_LIFETIME_DAYS;
