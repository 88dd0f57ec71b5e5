/** Items of one merge at most, beside the one that stays. */
export const MAX_MERGED_ITEMS = 100;

/** Groups in one page. */
export const MAX_GROUP_PAGE = 24;

/** Items shown of a group, the best ones. */
export const MAX_GROUP_SHOWN = 24;

/** Items of a group that are compared and counted, the newest ones. */
export const MAX_GROUP_ITEMS = 1000;
