/** The migrations that the baseline replaces, in order. Databases recorded them by these names. */
export const STEPS = [
  '2026-11-24T0200-accounts-and-media',
  '2026-11-24T0245-invites-and-limits',
  '2026-11-24T0300-search-and-tags',
  '2026-11-24T0310-media-stages',
  '2026-11-24T0400-prefix-estimate',
  '2026-11-25T0900-caseless-skeletons-additive',
  '2026-11-25T1700-search-at-once-additive',
  '2026-11-25T2030-search-in-groups-additive',
  '2026-11-25T2120-search-any-additive',
  '2026-11-25T2340-search-candidates-first-additive',
  '2026-11-26T0640-search-planned-once-additive',
  '2026-11-29T2240-tag-counts-share-tags-additive',
  '2026-11-29T2315-end-access-of-disabled-additive',
  '2026-11-29T2330-search-characters',
  '2026-11-30T0035-failure-codes',
] as const;

export type Step = (typeof STEPS)[number];

/** The name of the migration that replaces them. */
export const BASELINE = '2026-11-30T0900-baseline';
