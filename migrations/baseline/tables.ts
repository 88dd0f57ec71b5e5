// The tables of the baseline, in parts. migrations/before-baseline adds the parts that an older
// database lacks, so both make the same schema. Columns stand in the order in which they were
// added.

/** Accounts with sessions. */
export const ACCOUNTS = [
  `create table users (
    id uuid primary key,
    username text not null,
    -- NFKC in lower case: names are equal if their keys are.
    username_key text not null unique,
    password_hash text not null,
    role text not null check (role in ('admin', 'member')),
    disabled_at timestamptz,
    created_at timestamptz not null default now(),
    -- The look of the name (the skeleton of UTS #39), without case.
    username_skeleton text not null unique,
    -- The look of the name in lower case. Null if an older release made the account.
    username_key_skeleton text unique
  )`,
  `create table sessions (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    user_agent text not null default ''
  )`,
  `create index sessions_user_id on sessions (user_id)`,
];

/** Items. */
export const MEDIA = [
  `create table media (
    id uuid primary key,
    owner_id uuid not null references users,
    kind text not null check (kind in ('image', 'animation', 'video')),
    mime text not null,
    width integer not null,
    height integer not null,
    duration_ms integer,
    byte_size bigint not null,
    sha256 text not null unique,
    title text not null default '',
    description text not null default '',
    original_name text not null default '',
    text text not null default '',
    text_edited boolean not null default false,
    state text not null check (state in ('processing', 'ready', 'failed')),
    failure text,
    object_key text not null unique,
    thumb_key text unique,
    thumb_hash text,
    poster_key text unique,
    deleted_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    preview_key text unique,
    playback_key text unique,
    has_audio boolean not null default false
  )`,
  // The first page of every user: newest first, without the trash.
  `create index media_newest on media (id desc) where deleted_at is null`,
  `create index media_trash on media (deleted_at) where deleted_at is not null`,
  `create index media_owner_id on media (owner_id)`,
];

/** Invites, password resets, rate limits and the administrator's settings. */
export const INVITES_AND_LIMITS = [
  `create table invites (
    id uuid primary key,
    -- SHA-256 of the code in hex: a reader of the table cannot join with it.
    code_hash text not null unique,
    note text not null default '',
    -- Null for an invite of the command line.
    created_by uuid references users,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    used_by uuid references users,
    used_at timestamptz,
    constraint invites_used check ((used_by is null) = (used_at is null))
  )`,
  `create index invites_created_by on invites (created_by)`,
  `create table password_resets (
    id uuid primary key,
    code_hash text not null unique,
    user_id uuid not null references users on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  `create index password_resets_user_id on password_resets (user_id)`,
  // One row per limit and subject. A row with a time in the past has no effect and may be deleted.
  `create table rate_limits (key text primary key, full_at timestamptz not null)`,
  `create index rate_limits_full_at on rate_limits (full_at)`,
  // Always one row.
  `create table settings (
    singleton boolean primary key default true check (singleton),
    members_may_invite boolean not null default true
  )`,
  `insert into settings default values`,
];

/** Tags, the search index and its vocabulary. Triggers keep the latter two. */
export const TAGS_AND_SEARCH = [
  `create extension if not exists pg_trgm`,
  `create table tags (
    id integer generated always as identity primary key,
    -- Normalised by the app (NFKC, lower case, hyphens for spaces): equal text is the same tag.
    name text not null unique check (char_length(name) between 1 and 30),
    -- The number of items outside the trash.
    uses integer not null default 0
  )`,
  `create index tags_prefix on tags (name text_pattern_ops)`,
  `create index tags_similar on tags using gin (name gin_trgm_ops)`,
  `create table media_tags (
    media_id uuid not null references media on delete cascade,
    tag_id integer not null references tags on delete cascade,
    primary key (media_id, tag_id)
  )`,
  `create index media_tags_tag on media_tags (tag_id, media_id)`,
  // Apart from media: a scan, newest first, reads many of these rows, and they are narrow.
  `create table media_search (
    media_id uuid primary key references media on delete cascade,
    live boolean not null,
    lot double precision not null default random(),
    terms tsvector not null
  )`,
  // Compressed in place. Out of line, every scanned row would cost a second read.
  `alter table media_search alter column terms set storage main`,
  // Keeps the frequency of 3,000 lexemes (app/search/plan/statistics.ts).
  `alter table media_search alter column terms set statistics 300`,
  `create index media_search_terms on media_search using gin (terms) with (fastupdate = off)`,
  `create index media_search_lot on media_search (lot) where live`,
  `create index media_trashed on media (id desc) where deleted_at is not null`,
  // Without a unique key: two transactions with the same new word must not wait for each other.
  // Readers group by word, so a double is harmless.
  `create table search_words (word text not null, folded text not null, items integer not null)`,
  `create index search_words_word on search_words (word text_pattern_ops)`,
  `create index search_words_folded on search_words (folded text_pattern_ops)`,
  `create index search_words_items on search_words (items desc)`,
  `create index search_words_similar on search_words using gin (folded gin_trgm_ops)`,
];

/** The stages of an item's processing. A job of an earlier run finds another token. */
export const STAGES = [
  `create table media_stages (
    media_id uuid not null references media on delete cascade,
    stage text not null check (stage in ('thumbnail', 'preview', 'playback', 'text')),
    state text not null check (state in ('pending', 'done', 'failed', 'skipped')),
    token uuid not null default gen_random_uuid(),
    failure text,
    updated_at timestamptz not null default now(),
    primary key (media_id, stage)
  )`,
  // Most stages are done. Every query for work looks for the others.
  `create index media_stages_open on media_stages (stage, state) where state <> 'done'`,
];

/** One row while items after this id await reindexing by the job search.backfill. */
export const BACKFILL = [`create table search_backfill (after uuid primary key)`];

/** Finds a tag by its name without hyphens: linja-auto by linjaauto. */
export const JOINED_TAGS = [`create index tags_joined on tags (replace(name, '-', ''))`];
