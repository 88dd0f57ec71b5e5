import { sql, type Kysely } from 'kysely';

/**
 * The sentences of earlier releases, by code. The codes are frozen here: a later release may know
 * others.
 */
const SENTENCES = [
  ['thumbnail', 'No thumbnail could be made.'],
  ['preview', 'No preview could be made.'],
  ['playback', 'No version for all browsers could be made.'],
  ['text', 'The words in the picture could not be read.'],
  ['original', 'The original is missing from the storage.'],
  ['ffmpeg', 'This server has no ffmpeg just now.'],
  ['frame', 'No frame of the video can be decoded.'],
  ['frames', 'No frames of the video can be decoded.'],
  ['conversion', 'The video cannot be turned into one that every browser plays.'],
] as const;

/** The sentences about models begin so and go on with the path of a file. */
const MODELS = 'The OCR model';

/**
 * Replaces the sentences in `failure` by codes, and unknown ones by the general code of their
 * stage, which is its name.
 *
 * Not additive: an older release would show the codes to users. No check constraint: a process of
 * the release before may still run during the update. It stores sentences, and a refused one would
 * leave its stage pending. Readers take a value that they do not know as `unknown`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await replaceFailures(
    db,
    sql`case ${sql.join(
      SENTENCES.map(([code, sentence]) => sql`when failure = ${sql.lit(sentence)} then ${sql.lit(code)}`),
      sql` `,
    )} when starts_with(failure, ${sql.lit(MODELS)}) then 'models' else stage end`,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await replaceFailures(
    db,
    sql`case failure ${sql.join(
      SENTENCES.map(([code, sentence]) => sql`when ${sql.lit(code)} then ${sql.lit(sentence)}`),
      sql` `,
    )} when 'models' then ${sql.lit(`${MODELS}s cannot be used.`)} else failure end`,
  );
}

/** Rewrites the failures of stages, and of items that sum them up, under the locks of the items. */
async function replaceFailures(db: Kysely<unknown>, failure: ReturnType<typeof sql>): Promise<void> {
  await sql`
    with locked as materialized (
      select id from media
      where failure is not null or id in (select media_id from media_stages where failure is not null)
      order by id for no key update)
    select count(*) from locked`.execute(db);
  await sql`update media_stages set failure = ${failure} where failure is not null`.execute(db);
  await sql`
    update media set failure = (select failure from media_stages
      where media_id = media.id and state = 'failed' order by stage limit 1)
    where failure is not null`.execute(db);
}
