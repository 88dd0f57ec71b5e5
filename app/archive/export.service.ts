import type { Readable, Writable } from 'node:stream';
import { readSettings } from '../admin/settings.repository.ts';
import { collectionSort } from '../collections/collections.schema.ts';
import type { Database } from '../db/client.ts';
import { stageName } from '../media/media.schema.ts';
import type { Storage } from '../storage/storage.ts';
import { collectedUntil, collectionsUntil } from './collections.repository.ts';
import {
  countItems,
  databaseTime,
  findItem,
  itemsAfter,
  peopleUntil,
  sharesUntil,
  type ItemRow,
} from './archive.repository.ts';
import {
  END_NAME,
  HEADER_NAME,
  PEOPLE_NAME,
  SHARES_NAME,
  type ArchiveCollection,
  type ArchiveEnd,
  type ArchiveHeader,
  type ArchiveItem,
  type ArchivePerson,
  type ArchiveShare,
} from './archive.schema.ts';
import { collectionMember } from './archive-reader.ts';
import { createArchiveWriter } from './archive-writer.ts';

export interface ExportOptions {
  db: Database;
  storage: Storage;
  out: Writable;
  revision: string;
  /** Includes the password hashes, so that users can sign in after the import. */
  withPasswords: boolean;
  /** Only what this user has: the account, its items, collections and shares. */
  ownerId?: string;
  /** Called after every item. */
  progress?: (items: number, of: number) => void;
}

export interface ExportReport {
  people: number;
  items: number;
  collections: number;
  /** Share links. */
  shares: number;
  /** Bytes of the originals. */
  bytes: number;
  /** Items that the archive lacks, because the storage has no original. */
  missing: { id: string; key: string }[];
}

const PAGE_ITEMS = 100;

/**
 * Writes the current library into `out`: the users, and every item with its original. Does not
 * disturb a running app; later items are left out. With `ownerId`, writes what this user has.
 *
 * Memory: a page of rows and a chunk of a file. Throws when the storage or `out` fails; the partial
 * archive is then useless, and reading it reports that.
 */
export async function exportFolder(options: ExportOptions): Promise<ExportReport> {
  const { db, out, revision, progress, ownerId = null } = options;
  const moment = await databaseTime(db);
  const [people, total, settings, collections, shares] = await Promise.all([
    peopleUntil(db, moment, ownerId),
    countItems(db, moment, ownerId),
    readSettings(db),
    collectionsUntil(db, moment, ownerId),
    sharesUntil(db, moment, ownerId),
  ]);
  const archive = createArchiveWriter(out, moment);
  const report: ExportReport = {
    people: people.length,
    items: 0,
    collections: collections.length,
    shares: shares.length,
    bytes: 0,
    missing: [],
  };
  try {
    await archive.line(HEADER_NAME, {
      format: 'meemikansio',
      // An archive without collections or shares is one that older releases read, too.
      version: versionFor(collections, shares),
      exportedAt: moment.toISOString(),
      revision,
      settings: { membersMayInvite: settings.members_may_invite },
    } satisfies ArchiveHeader);
    await archive.lines(
      PEOPLE_NAME,
      people.map((row) => personOf(row, options.withPasswords)),
    );

    const exported = new Set(people.map(({ id }) => id));
    for await (const listed of everyItem(db, moment, ownerId)) {
      const found = await openOriginal(options, listed);
      if (found === 'missing') report.missing.push({ id: listed.id, key: listed.object_key });
      if (typeof found === 'string') continue;
      const { row, size, bytes } = found;
      const name = `media/${row.sha256}`;
      const sha256 = await archive.file(`${name}${extensionOf(row.object_key)}`, size, bytes);
      await archive.line(`${name}.json`, itemOf(row, { sha256, size }, exported));
      report.items += 1;
      report.bytes += size;
      progress?.(report.items, total);
    }
    for (const [i, row] of collections.entries()) {
      const items = await collectedUntil(db, row.id, moment, ownerId);
      await archive.line(collectionMember(i), collectionOf(row, items, exported));
    }
    if (shares.length > 0) await archive.lines(SHARES_NAME, shares.map(shareOf));
    const { people: peopleCount, items, collections: collectionCount, shares: shareCount } = report;
    await archive.line(END_NAME, {
      people: peopleCount,
      items,
      collections: collectionCount,
      shares: shareCount,
    } satisfies ArchiveEnd);
    await archive.end();
    return report;
  } catch (error) {
    archive.abort();
    throw error;
  }
}

async function* everyItem(db: Database, moment: Date, ownerId: string | null): AsyncIterable<ItemRow> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const page = await itemsAfter(db, { after, moment, ownerId, limit: PAGE_ITEMS });
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = last.id;
  }
}

type Original = { row: ItemRow; size: number; bytes: Readable };

/** Opens an original. Between the reads of row and file, an item may be replaced or purged. */
async function openOriginal(
  { db, storage }: ExportOptions,
  listed: ItemRow,
): Promise<Original | 'gone' | 'missing'> {
  let row = listed;
  for (;;) {
    const info = await storage.info(row.object_key);
    const bytes = info && (await storage.read(row.object_key));
    if (info && bytes) return { row, size: info.size, bytes };
    const now = await findItem(db, row.id);
    if (!now) return 'gone';
    if (now.object_key === row.object_key) return 'missing';
    row = now;
  }
}

/** The first version that has what is exported. */
function versionFor(
  collections: readonly unknown[],
  shares: readonly { collection: string | null }[],
): ArchiveHeader['version'] {
  if (shares.some(({ collection }) => collection !== null)) return 4;
  if (collections.length > 0) return 3;
  return shares.length > 0 ? 2 : 1;
}

const extensionOf = (key: string) => key.slice(key.lastIndexOf('.'));

const personOf = (
  row: Awaited<ReturnType<typeof peopleUntil>>[number],
  withPasswords: boolean,
): ArchivePerson => ({
  id: row.id,
  username: row.username,
  role: row.role === 'admin' ? 'admin' : 'member',
  createdAt: row.created_at.toISOString(),
  disabledAt: row.disabled_at?.toISOString() ?? null,
  ...(withPasswords && { passwordHash: row.password_hash }),
});

const shareOf = (row: Awaited<ReturnType<typeof sharesUntil>>[number]): ArchiveShare => ({
  code: row.code,
  owner: row.owner_id,
  items: row.items,
  collection: row.collection,
  showSharer: row.show_sharer,
  endFileAddress: row.end_file_address,
  opens: row.opens,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
  lastOpenedAt: row.last_opened_at?.toISOString() ?? null,
});

const collectionOf = (
  row: Awaited<ReturnType<typeof collectionsUntil>>[number],
  items: Awaited<ReturnType<typeof collectedUntil>>,
  people: ReadonlySet<string>,
): ArchiveCollection => ({
  name: row.name,
  description: row.description,
  sort: collectionSort.parse(row.sort),
  owner: row.owner_id,
  createdAt: row.created_at.toISOString(),
  items: items
    .filter(({ added_by }) => people.has(added_by))
    .map(({ sha256, place, added_by, added_at }) => ({
      sha256,
      place,
      addedBy: added_by,
      addedAt: added_at.toISOString(),
    })),
});

/** Parses the row again: to the database, `kind` and stages are plain text. */
const itemOf = (row: ItemRow, file: ArchiveItem['file'], people: ReadonlySet<string>) =>
  ({
    id: row.id,
    owner: row.owner_id,
    sha256: row.sha256,
    file,
    key: row.object_key,
    kind: row.kind,
    mime: row.mime,
    width: row.width,
    height: row.height,
    durationMs: row.duration_ms,
    hasAudio: row.has_audio,
    thumbHash: row.thumb_hash,
    wordsTop: row.words_top,
    title: row.title,
    description: row.description,
    originalName: row.original_name,
    text: row.text,
    textEdited: row.text_edited,
    textRead: row.text_read,
    tags: row.tags,
    favourites: row.favourites
      .filter(({ person }) => people.has(person))
      .map(({ person, at }) => ({ person, at: new Date(at).toISOString() })),
    merged: row.merged,
    stages: row.stages.filter((stage) => stageName.safeParse(stage).success),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    deletedAt: row.deleted_at?.toISOString() ?? null,
  }) satisfies Record<keyof ArchiveItem, unknown>;
