import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../app/db/client.ts';
import { bandsOf } from '../../app/media/alike/bands.ts';
import { fingerprintOf } from '../../app/media/alike/fingerprint.ts';
import { HASH_BITS } from '../../app/media/alike/perceptual-hash.shared.ts';
import { sharp } from '../../app/media/sharp.ts';
import { randomOf, type Random } from '../support/media/seeded.ts';
import { makeTemplate, writeMeme } from '../support/media/templates.ts';

const BATCH = 2_000;
/** Pictures whose real hashes are the stock of all others. */
const STOCK = 60;
/** Share of items that are of a template. */
const TEMPLATED = 0.5;
const TEMPLATES = 20_000;

/** The hashes of a real picture: inside its bars, its middle, and whole. */
type Print = Uint8Array[];

export async function stockOfPrints(): Promise<Print[]> {
  const prints: Print[] = [];
  for (let seed = 0; prints.length < STOCK; seed++) {
    const picture = await writeMeme(await makeTemplate(seed), 'KUN MAANANTAI', 'ALKAA TAAS');
    const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
    const [print] = fingerprintOf([{ data, ...info }]);
    if (print) prints.push([...print]);
  }
  return prints;
}

/**
 * Mixes two real hashes byte by byte, and turns some bits by chance. So the bits depend on each
 * other as those of pictures do.
 */
function unrelated(random: Random, stock: readonly Print[]): Print {
  const pick = () => stock[Math.floor(random() * stock.length)] ?? [];
  const [one, other] = [pick(), pick()];
  const noise = changes(random, 40 + Math.floor(random() * 40));
  const shift = 1 + Math.floor(random() * 31);
  return one.slice(0, 1 + Math.floor(random() * 3)).map((hash, i) => {
    const second = other[i] ?? other[0] ?? hash;
    return apply(
      hash.map((byte, at) => (at % 2 === 0 ? byte : (second[(at + shift) % 32] ?? 0))),
      noise,
    );
  });
}

const changes = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => Math.floor(random() * HASH_BITS));

function apply(hash: Uint8Array, bits: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(hash);
  for (const bit of bits) copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (128 >> (bit & 7));
  return copy;
}

/** Returns the print of each item: half are memes of templates, some of which have thousands. */
export function* prints(items: number, stock: readonly Print[]): Generator<Print, undefined> {
  const random = randomOf(23);
  const templates = Array.from({ length: TEMPLATES }, () => unrelated(random, stock));
  for (let i = 0; i < items; i++) {
    if (random() >= TEMPLATED) yield unrelated(random, stock);
    else {
      const template = templates[Math.floor(Math.exp(random() * Math.log(TEMPLATES)))] ?? templates[0];
      const words = changes(random, 5 + Math.floor(random() * 40));
      yield (template ?? []).map((hash) => apply(hash, words));
    }
  }
}

/** Fills an empty, migrated database with items that have fingerprints and nothing else. */
export async function seedAlike(
  db: Database,
  items: number,
  progress: (done: number) => void,
): Promise<void> {
  const stock = await stockOfPrints();
  await sql`insert into users (id, username, username_key, username_skeleton, password_hash, role)
    values (gen_random_uuid(), 'aino', 'aino', 'aino', '', 'admin')`.execute(db);
  const all = prints(items, stock);
  await db.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0`.execute(connection);
    await sql`alter table media disable trigger user`.execute(connection);
    await sql`drop index media_fingerprints_bands`.execute(connection);
    for (let from = 0; from < items; from += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, items - from) }, (_, i) => ({
        id: uuidv7({ msecs: Date.UTC(2024, 0, 1) + (from + i) * 60_000 }),
        sha256: randomBytes(32).toString('hex'),
        key: randomUUID(),
        print: all.next().value ?? [],
      }));
      const [ids, hashes] = [batch.map(({ id }) => id), batch.map(({ sha256 }) => sha256)];
      await sql`
        insert into media (id, owner_id, kind, mime, width, height, byte_size, sha256, state, object_key)
        select i, (select id from users), 'image', 'image/jpeg', 900, 700, 90000, s, 'ready', s || '.jpg'
        from unnest(${ids}::uuid[], ${hashes}::text[]) as b (i, s)`.execute(connection);
      await sql`
        insert into media_content (media_id, upload_sha256, stored_sha256, fingerprint_recipe)
        select i, s, s, 1 from unnest(${ids}::uuid[], ${hashes}::text[]) as b (i, s)`.execute(connection);
      const rows = batch.flatMap(({ id, print }) => print.map((hash, place) => ({ id, place, hash })));
      await sql`
        insert into media_fingerprints (media_id, frame, place, frames, hash, bands)
        select i, 0, p, 1, h::bit(256), b::integer[] from unnest(
          ${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ place }) => place)}::integer[],
          ${rows.map(({ hash }) => `x${Buffer.from(hash).toString('hex')}`)}::text[],
          ${rows.map(({ hash }) => `{${bandsOf(hash).join(',')}}`)}::text[]) as r (i, p, h, b)`.execute(
        connection,
      );
      progress(from + batch.length);
    }
    await sql`set maintenance_work_mem = '512MB'`.execute(connection);
    await sql`create index media_fingerprints_bands on media_fingerprints using gin (bands) with (fastupdate = off)`.execute(
      connection,
    );
    await sql`alter table media enable trigger user`.execute(connection);
    await sql`vacuum (analyze)`.execute(connection);
  });
}
