import { searchContaining } from './containing.ts';
import { searchFold } from './fold.ts';
import { searchForms } from './forms.ts';
import { searchHasMatch } from './has-match.ts';
import { searchIndexMatches } from './index-matches.ts';
import { mediaTriggers, searchMediaChanged } from './media-changed.ts';
import { searchNewestMatches } from './newest-matches.ts';
import { searchPrepared } from './prepared.ts';
import { searchReindex } from './reindex.ts';
import { searchResults } from './results.ts';
import { searchScanEnd } from './scan-end.ts';
import { searchSimilar } from './similar.ts';
import { searchSpellings } from './spellings.ts';
import { searchTagRenamed, tagTriggers } from './tag-renamed.ts';
import { searchTaggingChanged, taggingTriggers } from './tagging-changed.ts';
import { searchVector } from './vector.ts';
import { searchVocabulary } from './vocabulary.ts';
import { searchRowTriggers, searchVocabularyChanged } from './vocabulary-changed.ts';

/**
 * Statements that create or replace every function of the schema. Each comes after those that it
 * calls. To change one, see docs/database-changes.md.
 */
export const FUNCTIONS: readonly string[] = [
  searchFold,
  searchForms,
  searchPrepared,
  searchVector,
  searchVocabulary,
  searchReindex,
  searchMediaChanged,
  searchTaggingChanged,
  searchTagRenamed,
  searchVocabularyChanged,
  searchHasMatch,
  searchNewestMatches,
  searchScanEnd,
  searchIndexMatches,
  searchResults,
  searchSpellings,
  searchSimilar,
  searchContaining,
];

/** Statements that create every trigger of the schema. */
export const TRIGGERS: readonly string[] = [
  ...mediaTriggers,
  ...taggingTriggers,
  ...tagTriggers,
  ...searchRowTriggers,
];
