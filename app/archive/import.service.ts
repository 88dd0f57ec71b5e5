import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Logger } from 'pino';
import { findUserByKey, hasAccounts, lockFirstAccount } from '../auth/auth.repository.ts';
import { createUser } from '../auth/auth.service.ts';
import { hashPassword } from '../auth/password.ts';
import { usernameKey } from '../auth/username.ts';
import { updateSettings } from '../admin/settings.repository.ts';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { AppError } from '../http/errors.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { findBySha256 } from '../media/media.repository.ts';
import type { Storage } from '../storage/storage.ts';
import { ArchiveError } from './archive.error.ts';
import { setAccountTimes } from './archive.repository.ts';
import type { ArchiveHeader, ArchiveItem, ArchivePerson } from './archive.schema.ts';
import { readArchive } from './archive-reader.ts';
import { takeCollection } from './import-collection.ts';
import { takeItem } from './import-item.ts';
import { takeShare } from './import-share.ts';

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
  /** Those updated were here and got items. */
  collections: { added: number; updated: number; skipped: number };
  /** Share links; those skipped were here, or show nothing that is here. */
  shares: { added: number; skipped: number };
  /** Bytes of the added originals. */
  bytes: number;
}

export interface ArchiveSummary {
  people: number;
  items: number;
  collections: number;
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
  const summary: ArchiveSummary = { people: 0, items: 0, collections: 0, shares: 0, bytes: 0 };
  for await (const part of readArchive(source, { folder, wants: async () => false })) {
    if (part.kind === 'people') summary.people = part.people.length;
    if (part.kind === 'collection') summary.collections += 1;
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
 * a title, a description, a text, tags, favourites. A user maps to the existing user of that name.
 * Other users are added, as members unless the library is empty.
 *
 * Errors: {@link ArchiveError}, and `not_found` of `owner`.
 */
export async function importFolder(options: ImportOptions): Promise<ImportReport> {
  const { db, source, folder } = options;
  const report: ImportReport = {
    people: { added: 0, known: 0 },
    items: { added: 0, updated: 0, skipped: 0 },
    collections: { added: 0, updated: 0, skipped: 0 },
    shares: { added: 0, skipped: 0 },
    bytes: 0,
  };
  let header: ArchiveHeader | undefined;
  let owners = new Map<string, string>();
  /** With one account for all items, nobody's choice of favourites is that account's. */
  const favouritesOf = ({ favourites }: ArchiveItem) =>
    options.owner !== null
      ? []
      : favourites.flatMap(({ person, at }) => {
          const user_id = owners.get(person);
          return user_id === undefined ? [] : { user_id, created_at: at };
        });
  const wants = async (sha256: string) => (await findBySha256(db, sha256)) === null;
  for await (const part of readArchive(source, { folder, wants })) {
    if (part.kind === 'header') header = part.header;
    else if (part.kind === 'people') {
      owners = await takePeople(options, part.people, header, report);
    } else if (part.kind === 'collection') {
      const accountOf = (person: string) => {
        const account = owners.get(person);
        if (account === undefined) throw new ArchiveError('A collection names nobody of the archive.');
        return account;
      };
      report.collections[await takeCollection(db, part.collection, accountOf)] += 1;
    } else if (part.kind === 'shares') {
      for (const share of part.shares) {
        const owner = owners.get(share.owner);
        if (owner === undefined) throw new ArchiveError(`The share ${share.code} belongs to nobody.`);
        report.shares[await takeShare(db, share, owner)] += 1;
      }
    } else {
      const owner = owners.get(part.item.owner);
      if (owner === undefined) throw new ArchiveError(`${part.item.id} has no owner.`);
      const taken = { item: part.item, owner, favourites: favouritesOf(part.item), path: part.path };
      report.items[await takeItem(options, taken)] += 1;
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
