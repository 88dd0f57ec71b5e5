import { createHash, randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { insertFavouritesOf } from '../favourites/favourites.repository.ts';
import { syncAddresses } from '../media/address.service.ts';
import { setContent } from '../media/content.repository.ts';
import { insertFormerMerges } from '../media/duplicates/merges.repository.ts';
import { hashContentJob } from '../media/media.jobs.ts';
import { insertMedia, namedKeys } from '../media/media.repository.ts';
import type { StageName } from '../media/media.schema.ts';
import { startStages } from '../media/stages/stages.service.ts';
import { contentTypeOf } from '../storage/content-types.ts';
import type { Storage } from '../storage/storage.ts';
import { changeTags, lockTagNames, tagsOfItem } from '../tags/tags.repository.ts';
import { ArchiveError } from './archive.error.ts';
import { fillItem, idTaken, lockBySha256 } from './archive.repository.ts';
import type { ArchiveItem } from './archive.schema.ts';
import type { ImportOptions } from './import.service.ts';

/** An item of the archive, and its users as accounts of this library. */
export interface TakenItem {
  item: ArchiveItem;
  /** Id of the account that gets the item. */
  owner: string;
  favourites: readonly { user_id: string; created_at: string }[];
  /** The file; `null` if the content is here. */
  path: string | null;
}

/** Adds an item with its file, or completes the existing item of the same content. */
export async function takeItem(
  options: ImportOptions,
  taken: TakenItem,
): Promise<'added' | 'updated' | 'skipped'> {
  const { item, path } = taken;
  if (path === null) return inTransaction(options.db, (trx) => complete(options, trx, taken));
  const { db, storage } = options;
  // Chosen before the file is stored, which names its item. Both ids sort by creation time.
  const id = (await idTaken(db, item.id)) ? uuidv7({ msecs: Date.parse(item.createdAt) }) : item.id;
  const key = await store(options, { item, id }, path);
  const outcome = await inTransaction(db, async (trx) =>
    (await insertItem(options, trx, taken, { id, key })) ? 'added' : complete(options, trx, taken),
  );
  // A concurrent upload added the same content.
  if (outcome !== 'added') await storage.delete(key);
  // Somebody may know the address of an item in the trash. The job of every minute repeats this.
  if (outcome === 'added' && item.deletedAt !== null) await syncAddresses(options, [id]);
  return outcome;
}

/** An orphan below this age is safe from the sweep, which waits a day. */
const SWEEP_SAFE_AGE_MS = 12 * 3600 * 1000;

/**
 * Stores a file for the item `id` and returns its key. Keeps the archive's key, unless other
 * content has it here. Reuses an object that a killed import stored for the same item.
 */
async function store(
  { db, storage }: ImportOptions,
  { item, id }: { item: ArchiveItem; id: string },
  path: string,
): Promise<string> {
  const { originalName: downloadName } = item;
  const put = async (key: string) => {
    const owner = { item: id, role: 'object' };
    await storage.put(key, path, { contentType: contentTypeOf(key), downloadName, owner });
    return key;
  };
  const elsewhere = () => put(`${randomUUID()}${item.key.slice(item.key.lastIndexOf('.'))}`);
  if ((await namedKeys(db, [item.key])).size > 0) return elsewhere();
  const there = await storage.info(item.key);
  if (!there) return put(item.key);
  const mine =
    Date.now() - there.lastModified.getTime() < SWEEP_SAFE_AGE_MS &&
    (await storage.owners([item.key])).get(item.key)?.item === id &&
    (await sha256IfStored(storage, item.key)) === item.file.sha256;
  return mine ? item.key : elsewhere();
}

async function sha256IfStored(storage: Storage, key: string): Promise<string | null> {
  const stream = await storage.read(key);
  if (!stream) return null;
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

/** Inserts an item; returns false when its content exists already. */
async function insertItem(
  { storage, jobs, readsText }: ImportOptions,
  trx: Trx,
  { item, owner, favourites }: TakenItem,
  { id, key }: { id: string; key: string },
): Promise<boolean> {
  await lockTagNames(trx, { shared: item.tags });
  const inserted = await insertMedia(trx, {
    id,
    owner_id: owner,
    sha256: item.sha256,
    object_key: key,
    kind: item.kind,
    mime: item.mime,
    width: item.width,
    height: item.height,
    duration_ms: item.durationMs,
    byte_size: item.file.size,
    has_audio: item.hasAudio,
    thumb_hash: item.thumbHash,
    words_top: item.wordsTop,
    title: item.title,
    description: item.description,
    original_name: item.originalName,
    text: item.text,
    text_edited: item.textEdited,
    state: 'processing',
    created_at: item.createdAt,
    updated_at: item.updatedAt,
    deleted_at: item.deletedAt,
  });
  if (!inserted) return false;
  await setContent(trx, id, { upload: item.sha256, stored: item.file.sha256, fingerprint: null });
  await jobs.enqueue(trx, hashContentJob, { mediaId: id });
  await changeTags(trx, [id], { add: item.tags });
  await insertFavouritesOf(trx, id, favourites);
  await insertFormerMerges(trx, id, mergesOf(storage, item));
  const stages = new Set<StageName>([...item.stages, 'thumbnail', 'text']);
  const known = item.textRead || item.textEdited;
  const stateOf = (stage: StageName) =>
    stage !== 'text' ? 'pending' : known ? 'done' : readsText ? 'pending' : 'skipped';
  await startStages(
    trx,
    jobs,
    id,
    [...stages].map((stage) => ({ stage, state: stateOf(stage) })),
  );
  return true;
}

/** Gives an existing item the data that it lacks. */
async function complete(
  { storage }: ImportOptions,
  trx: Trx,
  { item, favourites }: TakenItem,
): Promise<'updated' | 'skipped'> {
  await lockTagNames(trx, { shared: item.tags });
  const here = await lockBySha256(trx, item.sha256);
  if (!here) throw new ArchiveError(`An item was deleted during the import. Run the import again.`);
  const values = {
    ...(here.title === '' && item.title !== '' && { title: item.title }),
    ...(here.description === '' && item.description !== '' && { description: item.description }),
    ...(!here.text_edited && item.textEdited && { text: item.text, text_edited: true }),
  };
  const tags = await tagsOfItem(trx, here.id);
  const missing = item.tags.filter((tag) => !tags.has(tag));
  await changeTags(trx, [here.id], { add: missing });
  const favoured = await insertFavouritesOf(trx, here.id, favourites);
  const merged = await insertFormerMerges(trx, here.id, mergesOf(storage, item));
  if (Object.keys(values).length > 0) await fillItem(trx, here.id, values);
  const added = missing.length + favoured + merged + Object.keys(values).length;
  return added > 0 ? 'updated' : 'skipped';
}

/** The merges of an item, with the addresses that lead on: those that the app serves itself. */
const mergesOf = (storage: Storage, { merged }: ArchiveItem) =>
  merged.map(({ id, addresses }) => {
    const former = storage.addresses === null ? [] : addresses;
    return { id, keys: former.map(({ key }) => key), roles: former.map(({ role }) => role) };
  });
