import type { Migration } from 'kysely/migration';
import * as m20261130T0900 from './2026-11-30T0900-baseline.ts';
import * as m20261130T1000 from './2026-11-30T1000-shares-additive.ts';
import * as m20261130T1005 from './2026-11-30T1005-share-cards-additive.ts';
import * as m20261130T1010 from './2026-11-30T1010-hidden-addresses.ts';
import * as m20261130T1020 from './2026-11-30T1020-media-changes-additive.ts';
import * as m20261130T1030 from './2026-11-30T1030-share-page-planned-once-additive.ts';
import * as m20261130T1040 from './2026-11-30T1040-search-any-tiers-additive.ts';
import * as m20261130T1045 from './2026-11-30T1045-share-counts-additive.ts';
import * as m20261130T1100 from './2026-11-30T1100-thumbnail-recipe-additive.ts';
import * as m20261130T1130 from './2026-11-30T1130-search-long-runs-additive.ts';
import * as m20261130T1210 from './2026-11-30T1210-content-hashes-additive.ts';
import * as m20261130T1215 from './2026-11-30T1215-words-top-additive.ts';
import * as m20261130T1220 from './2026-11-30T1220-favourites-additive.ts';
import * as m20261130T1221 from './2026-11-30T1221-fingerprints-additive.ts';
import * as m20261130T1222 from './2026-11-30T1222-collections-additive.ts';
import * as m20261130T1230 from './2026-11-30T1230-library-additive.ts';
import * as m20261130T1235 from './2026-11-30T1235-large-thumbnails-additive.ts';
import * as m20261130T1510 from './2026-11-30T1510-api-tokens-additive.ts';
import * as m20261130T1513 from './2026-11-30T1513-thumb-top-additive.ts';
import * as m20261130T1526 from './2026-11-30T1526-duplicates-additive.ts';
import * as m20261130T1811 from './2026-11-30T1811-collection-shares-additive.ts';
import * as m20261130T1911 from './2026-11-30T1911-wish-changes-additive.ts';
import * as m20261130T1913 from './2026-11-30T1913-passkeys-additive.ts';
import * as m20261130T2012 from './2026-11-30T2012-fetches-additive.ts';
import * as m20261130T2014 from './2026-11-30T2014-resumable-uploads-additive.ts';
import * as m20261130T2015 from './2026-11-30T2015-closing-accounts-additive.ts';

/**
 * In order. A landed migration is never edited, renamed or removed; a test compares this list with
 * the folder.
 */
export const migrations: Record<string, Migration> = {
  '2026-11-30T0900-baseline': m20261130T0900,
  '2026-11-30T1000-shares-additive': m20261130T1000,
  '2026-11-30T1005-share-cards-additive': m20261130T1005,
  '2026-11-30T1010-hidden-addresses': m20261130T1010,
  '2026-11-30T1020-media-changes-additive': m20261130T1020,
  '2026-11-30T1030-share-page-planned-once-additive': m20261130T1030,
  '2026-11-30T1040-search-any-tiers-additive': m20261130T1040,
  '2026-11-30T1045-share-counts-additive': m20261130T1045,
  '2026-11-30T1100-thumbnail-recipe-additive': m20261130T1100,
  '2026-11-30T1130-search-long-runs-additive': m20261130T1130,
  '2026-11-30T1210-content-hashes-additive': m20261130T1210,
  '2026-11-30T1215-words-top-additive': m20261130T1215,
  '2026-11-30T1220-favourites-additive': m20261130T1220,
  '2026-11-30T1221-fingerprints-additive': m20261130T1221,
  '2026-11-30T1222-collections-additive': m20261130T1222,
  '2026-11-30T1230-library-additive': m20261130T1230,
  '2026-11-30T1235-large-thumbnails-additive': m20261130T1235,
  '2026-11-30T1510-api-tokens-additive': m20261130T1510,
  '2026-11-30T1513-thumb-top-additive': m20261130T1513,
  '2026-11-30T1526-duplicates-additive': m20261130T1526,
  '2026-11-30T1811-collection-shares-additive': m20261130T1811,
  '2026-11-30T1911-wish-changes-additive': m20261130T1911,
  '2026-11-30T1913-passkeys-additive': m20261130T1913,
  '2026-11-30T2012-fetches-additive': m20261130T2012,
  '2026-11-30T2014-resumable-uploads-additive': m20261130T2014,
  '2026-11-30T2015-closing-accounts-additive': m20261130T2015,
};
