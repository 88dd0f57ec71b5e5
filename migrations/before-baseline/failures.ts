import { sql, type Kysely } from 'kysely';

/** The sentences of earlier releases, by code. */
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

/** The sentences about models start with this and continue with the path of a file. */
const MODELS = 'The OCR model';

/**
 * Replaces the sentences in `failure` by codes. An unknown sentence becomes the general code of its
 * stage, which is the stage's name. Locks the items first, as every change of an item does.
 */
export async function replaceFailureSentences<DB>(db: Kysely<DB>): Promise<void> {
  const codes = SENTENCES.map(
    ([code, sentence]) => sql`when failure = ${sql.lit(sentence)} then ${sql.lit(code)}`,
  );
  await sql`
    with locked as materialized (
      select id from media
      where failure is not null or id in (select media_id from media_stages where failure is not null)
      order by id for no key update)
    select count(*) from locked`.execute(db);
  await sql`
    update media_stages set failure = case ${sql.join(codes, sql` `)}
      when starts_with(failure, ${sql.lit(MODELS)}) then 'models' else stage end
    where failure is not null`.execute(db);
  await sql`
    update media set failure = (select failure from media_stages
      where media_id = media.id and state = 'failed' order by stage limit 1)
    where failure is not null`.execute(db);
}
