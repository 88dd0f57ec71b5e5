import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { connect } from '../../../app/db/client.ts';
import { createLogger } from '../../../app/logger.ts';
import { createTestDatabase } from '../../support/databases/database.ts';

/**
 * Lists the columns that an export includes, and the reason for each one it omits. A migration that
 * adds a column must add it here. Otherwise an import into another instance loses the column
 * without a word.
 */
const DERIVED = 'made again from the rest';
const SECRET = 'opens this instance only';
const STATE = 'of the work of this instance';
const DECISIONS: Record<string, Record<string, string>> = {
  users: {
    id: 'exported',
    username: 'exported',
    username_key: DERIVED,
    username_skeleton: DERIVED,
    username_key_skeleton: DERIVED,
    password_hash: 'exported if asked for',
    role: 'exported',
    disabled_at: 'exported',
    closing: STATE,
    created_at: 'exported',
  },
  media: {
    ...Object.fromEntries(
      (
        'id owner_id kind mime width height duration_ms byte_size sha256 title description original_name text text_edited ' +
        'object_key thumb_hash deleted_at created_at updated_at has_audio'
      )
        .split(' ')
        .map((column) => [column, 'exported']),
    ),
    thumb_key: DERIVED,
    thumb_recipe: DERIVED,
    large_key: DERIVED,
    thumb_top: DERIVED,
    thumb_words_top: DERIVED,
    words_top: 'exported',
    poster_key: DERIVED,
    preview_key: DERIVED,
    playback_key: DERIVED,
    card_key: DERIVED,
    hidden_in: STATE,
    state: STATE,
    failure: STATE,
  },
  media_content: {
    media_id: 'exported',
    upload_sha256: 'exported',
    stored_sha256: 'exported as the hash of the file',
    fingerprint_recipe: STATE,
  },
  media_stages: {
    media_id: 'exported',
    stage: 'exported',
    state: 'exported for the text, otherwise made again',
    token: STATE,
    failure: STATE,
    updated_at: STATE,
  },
  tags: { id: DERIVED, name: 'exported with the items', uses: DERIVED },
  media_tags: { media_id: 'exported', tag_id: 'exported by name' },
  shares: {
    ...Object.fromEntries(
      'code owner_id show_sharer created_at expires_at revoked_at opens last_opened_at end_file_address collection_id'
        .split(' ')
        .map((column) => [column, 'exported']),
    ),
    card_key: DERIVED,
    card_of: DERIVED,
  },
  share_items: { code: 'exported', position: 'exported', media_id: 'exported by hash' },
  favourites: {
    media_id: 'exported with the items',
    user_id: 'exported with the items',
    created_at: 'exported',
  },
  collections: {
    id: DERIVED,
    key: DERIVED,
    name: 'exported',
    description: 'exported',
    sort: 'exported',
    owner_id: 'exported',
    created_at: 'exported',
  },
  collection_items: {
    collection_id: 'exported with the collection',
    media_id: 'exported by hash',
    place: 'exported',
    added_by: 'exported',
    added_at: 'exported',
    number: STATE,
  },
  merges: {
    media_id: 'exported with the item that stays',
    into_id: 'exported with the item that stays',
    keys: 'exported',
    roles: 'exported',
    // It names users, collections and shares of this instance.
    undo: STATE,
    merged_at: STATE,
  },
  settings: { singleton: DERIVED, members_may_invite: 'exported', library_id: SECRET, restored_from: STATE },
};
/** Tables that an export omits as a whole. */
const LEFT: Record<string, string> = {
  media_fingerprints: DERIVED,
  media_search: DERIVED,
  share_counts: DERIVED,
  search_words: DERIVED,
  search_backfill: STATE,
  sessions: SECRET,
  api_tokens: SECRET,
  passkeys: 'belong to the address of this instance',
  passkey_challenges: SECRET,
  invites: SECRET,
  password_resets: SECRET,
  rate_limits: STATE,
  media_changes: STATE,
  fetches: STATE,
  resumable_uploads: STATE,
  thumbnail_remakes: STATE,
  content_backfill: STATE,
  duplicates: DERIVED,
  duplicate_pass: STATE,
  merge_wishes: STATE,
};

it('an export has decided about every column there is', async () => {
  await using database = await createTestDatabase();
  const db = connect(database.url, createLogger('silent', false), 1);
  const { rows } = await sql<{ table_name: string; column_name: string }>`
    select table_name, column_name from information_schema.columns
    where table_schema = 'public' and table_name not like 'kysely%'`.execute(db);
  await db.destroy();
  const undecided = rows
    .filter(({ table_name }) => !(table_name in LEFT))
    .filter(({ table_name, column_name }) => DECISIONS[table_name]?.[column_name] === undefined)
    .map(({ table_name, column_name }) => `${table_name}.${column_name}`);
  expect(undecided, 'say in this file whether an export takes it along, and let it').toEqual([]);
  const tables = new Set(rows.map(({ table_name }) => table_name));
  expect([...Object.keys(DECISIONS), ...Object.keys(LEFT)].filter((name) => !tables.has(name))).toEqual([]);
});
