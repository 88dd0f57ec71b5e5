import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { findUserByKey, hasAccounts, lockFirstAccount } from '../auth/auth.repository.ts';
import { createUser } from '../auth/auth.service.ts';
import { hashPassword } from '../auth/password.ts';
import { usernameKey } from '../auth/username.ts';
import { updateSettings } from '../admin/settings.repository.ts';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { syncAddresses } from '../media/address.service.ts';
import { setContent } from '../media/content.repository.ts';
import { findBySha256, insertMedia, namedKeys } from '../media/media.repository.ts';
import type { StageName } from '../media/media.schema.ts';
import { startStages } from '../media/stages/stages.service.ts';
import { contentTypeOf } from '../storage/content-types.ts';
import type { Storage } from '../storage/storage.ts';
import { changeTags, lockTagNames, tagsOfItem } from '../tags/tags.repository.ts';
import { ArchiveError } from './archive.error.ts';
import {
  fillItem,
  idTaken,
  insertArchivedShare,
  lockBySha256,
  setAccountTimes,
} from './archive.repository.ts';
import type { ArchiveHeader, ArchiveItem, ArchivePerson, ArchiveShare } from './archive.schema.ts';
import { readArchive } from './archive-reader.ts';

export interface ImportOptions {
  db: Database;
  storage: Storage;
  jobs: JobQueue;
  logger: Logger;
  /** If false, unread pictures wait for a process with a text reader. */
  readsText: boolean;
  source: Readable;
  /** An empty folder of our own: holds one file at a time. */
  folder: string;
  /** The account that gets every item; if unset, the users of the archive are imported. */
  owner: string | null;
  /** Called after every item. */
  progress?(items: number): void;
}

export interface ImportReport {
  people: { added: number; known: number };
  items: {
    added: number;
    /** Existing items that got missing data from the archive. */
    updated: number;
    /** Existing items that lack nothing the archive has. */
    skipped: number;
  };
  /** Share links; those skipped were here, or show nothing that is here. */
  shares: { added: number; skipped: number };
  /** Bytes of the added originals. */
  bytes: number;
}

export interface ArchiveSummary {
  people: number;
  items: number;
  shares: number;
  /** Bytes of the originals. */
  bytes: number;
}

/**
 * Reads an archive to its end and checks everything in it, hashes included. Writes nothing. Errors:
 * {@link ArchiveError}.
 */
export async function checkArchive(
  source: Readable,
  folder: string,
  progress: (items: number) => void = () => {},
): Promise<ArchiveSummary> {
  const summary: ArchiveSummary = { people: 0, items: 0, shares: 0, bytes: 0 };
  for await (const part of readArchive(source, { folder, wants: async () => false })) {
    if (part.kind === 'people') summary.people = part.people.length;
    if (part.kind === 'shares') summary.shares = part.shares.length;
    if (part.kind !== 'item') continue;
    summary.items += 1;
    summary.bytes += part.item.file.size;
    progress(summary.items);
  }
  return summary;
}

/**
 * Imports an archive item by item. Stores a file first, then writes its row, tags and jobs in one
 * transaction.
 *
 * An interrupted import therefore leaves whole items only, and the next run resumes. An existing
 * item (same SHA-256 of the upload) keeps all its data. It gets only missing data from the archive:
 * a title, a description, a text, tags. A user maps to the existing user of that name. Other users
 * are added, as members unless the library is empty.
 *
 * Errors: {@link ArchiveError}, and `not_found` of `owner`.
 */
export async function importFolder(options: ImportOptions): Promise<ImportReport> {
  const { db, source, folder } = options;
  const report: ImportReport = {
    people: { added: 0, known: 0 },
    items: { added: 0, updated: 0, skipped: 0 },
    shares: { added: 0, skipped: 0 },
    bytes: 0,
  };
  let header: ArchiveHeader | undefined;
  let owners = new Map<string, string>();
  const wants = async (sha256: string) => (await findBySha256(db, sha256)) === null;
  for await (const part of readArchive(source, { folder, wants })) {
    if (part.kind === 'header') header = part.header;
    else if (part.kind === 'people') {
      owners = await takePeople(options, part.people, header, report);
    } else if (part.kind === 'shares') {
      for (const share of part.shares) {
        const owner = owners.get(share.owner);
        if (owner === undefined) throw new ArchiveError(`The share ${share.code} belongs to nobody.`);
        report.shares[await takeShare(db, share, owner)] += 1;
      }
    } else {
      const owner = owners.get(part.item.owner);
      if (owner === undefined) throw new ArchiveError(`${part.item.id} has no owner.`);
      report.items[await takeItem(options, part.item, owner, part.path)] += 1;
      if (part.path !== null) report.bytes += part.item.file.size;
      const { added, updated, skipped } = report.items;
      options.progress?.(added + updated + skipped);
    }
  }
  return report;
}

/** Returns the local account of each user of the archive. */
async function takePeople(
  { db, owner }: ImportOptions,
  people: readonly ArchivePerson[],
  header: ArchiveHeader | undefined,
  report: ImportReport,
): Promise<Map<string, string>> {
  if (owner !== null) return new Map(people.map(({ id }) => [id, owner]));
  // A user without a hash cannot sign in until an admin makes a link. One hash serves all: nobody
  // knows its password. Hashing is slow, so do it once and outside locks.
  const unknown = await hashPassword(randomBytes(32).toString('hex'));
  const { accounts, counts } = await inTransaction(db, async (trx) => {
    await lockFirstAccount(trx);
    const empty = !(await hasAccounts(trx));
    const accounts = new Map<string, string>();
    const counts = { added: 0, known: 0 };
    for (const person of people) {
      const here = await findUserByKey(trx, usernameKey(person.username));
      counts[here ? 'known' : 'added'] += 1;
      const role = empty ? person.role : 'member';
      accounts.set(
        person.id,
        here?.id ?? (await addPerson(trx, person, role, person.passwordHash ?? unknown)),
      );
    }
    if (empty && header) {
      await updateSettings(trx, { members_may_invite: header.settings.membersMayInvite });
    }
    return { accounts, counts };
  });
  report.people.added += counts.added;
  report.people.known += counts.known;
  return accounts;
}

async function addPerson(
  trx: Trx,
  { username, createdAt, disabledAt }: ArchivePerson,
  role: ArchivePerson['role'],
  passwordHash: string,
): Promise<string> {
  const { id } = await createUser(trx, { username, passwordHash, role }).catch((error: unknown) => {
    if (!(error instanceof AppError && error.code === 'username_similar')) throw error;
    throw new ArchiveError(
      `“${username}” of the archive looks like an existing user. Import with --owner NAME: every item then belongs to that account.`,
    );
  });
  await setAccountTimes(trx, id, { created_at: createdAt, disabled_at: disabledAt });
  return id;
}

/** Adds a share link under its code, unless the code is taken or none of its items is here. */
async function takeShare(db: Database, share: ArchiveShare, ownerId: string): Promise<'added' | 'skipped'> {
  const row = {
    code: share.code,
    owner_id: ownerId,
    show_sharer: share.showSharer,
    end_file_address: share.endFileAddress,
    opens: share.opens,
    created_at: share.createdAt,
    expires_at: share.expiresAt,
    revoked_at: share.revokedAt,
    last_opened_at: share.lastOpenedAt,
  };
  const added = await inTransaction(db, (trx) => insertArchivedShare(trx, row, share.items));
  return added ? 'added' : 'skipped';
}

async function takeItem(
  options: ImportOptions,
  item: ArchiveItem,
  ownerId: string,
  path: string | null,
): Promise<'added' | 'updated' | 'skipped'> {
  if (path === null) return inTransaction(options.db, (trx) => complete(trx, item));
  const { db, storage } = options;
  const key = await store(options, item, path);
  const { outcome, id } = await inTransaction(db, async (trx) => {
    const id = await insertItem(options, trx, item, ownerId, key);
    return { id, outcome: id === null ? await complete(trx, item) : ('added' as const) };
  });
  // A concurrent upload added the same content.
  if (outcome !== 'added') await storage.delete(key);
  // Somebody may know the address of an item in the trash. The job of every minute repeats this.
  if (id !== null && item.deletedAt !== null) await syncAddresses(options, [id]);
  return outcome;
}

/** An orphan below this age is safe from the sweep, which waits a day. */
const SWEEP_SAFE_AGE_MS = 12 * 3600 * 1000;

/**
 * Stores a file and returns its key. Keeps the archive's key, unless other content has it here.
 * Reuses an object that a killed import stored.
 */
async function store({ db, storage }: ImportOptions, item: ArchiveItem, path: string): Promise<string> {
  const { originalName: downloadName } = item;
  const put = async (key: string) => {
    await storage.put(key, path, { contentType: contentTypeOf(key), downloadName });
    return key;
  };
  const elsewhere = () => put(`${randomUUID()}${item.key.slice(item.key.lastIndexOf('.'))}`);
  if ((await namedKeys(db, [item.key])).size > 0) return elsewhere();
  const there = await storage.info(item.key);
  if (!there) return put(item.key);
  const mine =
    Date.now() - there.lastModified.getTime() < SWEEP_SAFE_AGE_MS &&
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

/** Inserts an item and returns its id; `null` when its content exists already. */
async function insertItem(
  { jobs, readsText }: ImportOptions,
  trx: Trx,
  item: ArchiveItem,
  ownerId: string,
  key: string,
): Promise<string | null> {
  await lockTagNames(trx, { shared: item.tags });
  // Both ids sort by creation time.
  const id = (await idTaken(trx, item.id)) ? uuidv7({ msecs: Date.parse(item.createdAt) }) : item.id;
  const inserted = await insertMedia(trx, {
    id,
    owner_id: ownerId,
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
  if (!inserted) return null;
  await setContent(trx, id, { upload: item.sha256, stored: item.file.sha256 });
  await changeTags(trx, [id], { add: item.tags });
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
  return id;
}

/** Gives an existing item the data that it lacks. */
async function complete(trx: Trx, item: ArchiveItem): Promise<'updated' | 'skipped'> {
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
  if (Object.keys(values).length > 0) await fillItem(trx, here.id, values);
  return missing.length > 0 || Object.keys(values).length > 0 ? 'updated' : 'skipped';
}
