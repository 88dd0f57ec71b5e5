import type { Migration } from 'kysely/migration';
import * as m20261124T0200 from './2026-11-24T0200-accounts-and-media.ts';
import * as m20261124T0245 from './2026-11-24T0245-invites-and-limits.ts';
import * as m20261124T0300 from './2026-11-24T0300-search-and-tags.ts';
import * as m20261124T0310 from './2026-11-24T0310-media-stages.ts';
import * as m20261124T0400 from './2026-11-24T0400-prefix-estimate.ts';
import * as m20261125T0900 from './2026-11-25T0900-caseless-skeletons-additive.ts';
import * as m20261125T1700 from './2026-11-25T1700-search-at-once-additive.ts';
import * as m20261125T2030 from './2026-11-25T2030-search-in-groups-additive.ts';
import * as m20261125T2120 from './2026-11-25T2120-search-any-additive.ts';
import * as m20261125T2340 from './2026-11-25T2340-search-candidates-first-additive.ts';
import * as m20261126T0640 from './2026-11-26T0640-search-planned-once-additive.ts';
import * as m20261129T2240 from './2026-11-29T2240-tag-counts-share-tags-additive.ts';
import * as m20261129T2315 from './2026-11-29T2315-end-access-of-disabled-additive.ts';
import * as m20261129T2330 from './2026-11-29T2330-search-characters.ts';
import * as m20261130T0035 from './2026-11-30T0035-failure-codes.ts';
import * as m20261130T1000 from './2026-11-30T1000-shares-additive.ts';
import * as m20261130T1005 from './2026-11-30T1005-share-cards-additive.ts';
import * as m20261130T1010 from './2026-11-30T1010-hidden-addresses.ts';

/** In order. A landed migration is never edited, renamed or removed; a test compares this list with the folder. */
export const migrations: Record<string, Migration> = {
  '2026-11-24T0200-accounts-and-media': m20261124T0200,
  '2026-11-24T0245-invites-and-limits': m20261124T0245,
  '2026-11-24T0300-search-and-tags': m20261124T0300,
  '2026-11-24T0310-media-stages': m20261124T0310,
  '2026-11-24T0400-prefix-estimate': m20261124T0400,
  '2026-11-25T0900-caseless-skeletons-additive': m20261125T0900,
  '2026-11-25T1700-search-at-once-additive': m20261125T1700,
  '2026-11-25T2030-search-in-groups-additive': m20261125T2030,
  '2026-11-25T2120-search-any-additive': m20261125T2120,
  '2026-11-25T2340-search-candidates-first-additive': m20261125T2340,
  '2026-11-26T0640-search-planned-once-additive': m20261126T0640,
  '2026-11-29T2240-tag-counts-share-tags-additive': m20261129T2240,
  '2026-11-29T2315-end-access-of-disabled-additive': m20261129T2315,
  '2026-11-29T2330-search-characters': m20261129T2330,
  '2026-11-30T0035-failure-codes': m20261130T0035,
  '2026-11-30T1000-shares-additive': m20261130T1000,
  '2026-11-30T1005-share-cards-additive': m20261130T1005,
  '2026-11-30T1010-hidden-addresses': m20261130T1010,
};
