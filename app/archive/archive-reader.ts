import { createHash, type Hash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Extract } from 'tar-stream';
import type { z } from 'zod';
import { FORMAT_NAMES, FORMATS, isStored } from '../media/formats/formats.limits.ts';
import { SNIFF_BYTES, sniffFormat } from '../media/formats/sniff.ts';
import { ArchiveError } from './archive.error.ts';
import {
  ARCHIVE_VERSIONS,
  archiveCollection,
  archiveEnd,
  archiveFormat,
  archiveHeader,
  archiveItem,
  archivePerson,
  archiveShare,
  END_NAME,
  HEADER_NAME,
  PEOPLE_NAME,
  SHARES_NAME,
  type ArchiveCollection,
  type ArchiveHeader,
  type ArchiveItem,
  type ArchivePerson,
  type ArchiveShare,
} from './archive.schema.ts';

export type ArchivePart =
  | { kind: 'header'; header: ArchiveHeader }
  | { kind: 'people'; people: ArchivePerson[] }
  /** `path` is the item's file until the next part is requested; `null` if it was not wanted. */
  | { kind: 'item'; item: ArchiveItem; path: string | null }
  /** After the items. */
  | { kind: 'collection'; collection: ArchiveCollection }
  /** After the collections. */
  | { kind: 'shares'; shares: ArchiveShare[] };

export interface ReadOptions {
  /** An empty folder of our own for one file at a time. */
  folder: string;
  /**
   * Decides whether to keep the file of an item with this content (`item.sha256`). The file is read
   * and checked in any case.
   */
  wants(sha256: string): Promise<boolean>;
}

/** Name of the member of a collection, numbered from 0. */
export const collectionMember = (number: number): string => `collections/${number}.json`;

type Entry = Extract extends AsyncIterable<infer Member> ? Member : never;

const START_PLACE = 'its beginning';

const EXTENSIONS = FORMAT_NAMES.filter(isStored).map((format) => FORMATS[format].extension);
/** The only allowed names: no member of an archive ever becomes a path. */
const MEMBER_NAME = new RegExp(
  `^media/(?<sha256>[0-9a-f]{64})\\.(?<extension>json|${EXTENSIONS.join('|')})$`,
);
/** Room for several hundred thousand users; far more than an item needs. */
const MAX_TEXT_BYTES = 64_000_000;

/**
 * Yields the parts of an archive, each with its form, references and hashes checked. Memory: a
 * chunk of a file, one item, and the users. Errors: {@link ArchiveError} for a file that is no
 * archive, of a later format, damaged or truncated.
 *
 * @example
 * for await (const part of readArchive(createReadStream(path), { folder, wants })) { … }
 */
export async function* readArchive(source: Readable, options: ReadOptions): AsyncIterable<ArchivePart> {
  const tar = extract();
  const piped = pipeline(source, tar);
  // The iteration reports the error.
  piped.catch(() => {});
  const members = tar[Symbol.asyncIterator]();
  let entry: Entry | null = null;
  let place = START_PLACE;

  const next = async (): Promise<Entry> => {
    const { done, value } = await members.next().catch((cause: unknown) => {
      throw unreadable(cause, place);
    });
    if (done === true) throw new ArchiveError(`The archive ends after ${place}: it is truncated.`);
    const { name, type } = value.header;
    if (type !== 'file' && place === START_PLACE) throw foreign();
    if (type !== 'file')
      throw new ArchiveError(`The archive has a ${type} in it (${shown(name)}), which no export has.`);
    place = shown(name);
    return value;
  };
  const json = async <Schema extends z.ZodType>(member: Entry, schema: Schema): Promise<z.output<Schema>> =>
    parsed(await textOf(member), schema, place);
  const expect = async (name: string): Promise<Entry> => {
    const member = await next();
    if (member.header.name !== name)
      throw new ArchiveError(`${place} stands in the archive instead of ${name}.`);
    return member;
  };

  try {
    entry = await next();
    if (entry.header.name !== HEADER_NAME) throw foreign();
    yield { kind: 'header', header: headerOf(await textOf(entry)) };

    const people = linesOf(await textOf(await expect(PEOPLE_NAME)), archivePerson, PEOPLE_NAME);
    yield { kind: 'people', people };
    const known = new Set(people.map(({ id }) => id));

    let collections = 0;
    for (let count = 0; ; count++) {
      entry = await next();
      while (entry.header.name === collectionMember(collections)) {
        const collection = await json(entry, archiveCollection);
        const named = [collection.owner, ...collection.items.map(({ addedBy }) => addedBy)];
        if (!named.every((person) => known.has(person)))
          throw new ArchiveError(`${place} names nobody of the archive.`);
        yield { kind: 'collection', collection };
        collections += 1;
        entry = await next();
      }
      let shares: ArchiveShare[] = [];
      if (entry.header.name === SHARES_NAME) {
        shares = linesOf(await textOf(entry), archiveShare, SHARES_NAME);
        const foreign = shares.find(({ owner }) => !known.has(owner));
        if (foreign) throw new ArchiveError(`The share ${foreign.code} belongs to nobody of the archive.`);
        yield { kind: 'shares', shares };
        entry = await expect(END_NAME);
      }
      if (entry.header.name === END_NAME) {
        const end = await json(entry, archiveEnd);
        const counts = [end.items, end.people, end.collections, end.shares];
        const found = [count, people.length, collections, shares.length];
        if (counts.some((number, i) => number !== found[i]))
          throw new ArchiveError('The archive differs from the counts at its end: it is damaged.');
        // Reads to the very end, so that a writer into our pipe can finish.
        const { done } = await members.next();
        if (done !== true) throw new ArchiveError('The archive goes on after its end: it is damaged.');
        return;
      }
      const { sha256 = '', extension = '' } = MEMBER_NAME.exec(entry.header.name)?.groups ?? {};
      if (sha256 === '' || extension === 'json')
        throw new ArchiveError(`${place} does not belong in an export.`);
      const path = (await options.wants(sha256)) ? join(options.folder, 'file') : null;
      try {
        const file = await spool(entry, path, place);
        const item = await json(await expect(`media/${sha256}.json`), archiveItem);
        refuse(item, { ...file, extension, sha256, known });
        yield { kind: 'item', item, path };
      } finally {
        if (path) await rm(path, { force: true });
      }
    }
  } catch (error) {
    throw error instanceof ArchiveError ? error : unreadable(error, place);
  } finally {
    tar.destroy();
    source.destroy();
  }
}

interface Spooled {
  hash: string;
  size: number;
  head: Uint8Array;
}

async function spool(entry: Entry, path: string | null, place: string): Promise<Spooled> {
  const hash: Hash = createHash('sha256');
  const head = Buffer.alloc(SNIFF_BYTES);
  let size = 0;
  const file = path === null ? null : await open(path, 'wx');
  try {
    for await (const chunk of chunksOf(entry, place)) {
      hash.update(chunk);
      if (size < SNIFF_BYTES) chunk.copy(head, size);
      size += chunk.length;
      await file?.writeFile(chunk);
    }
  } finally {
    await file?.close();
  }
  return { hash: hash.digest('hex'), size, head };
}

/** Throws unless item and file belong together and could come from our own library. */
function refuse(
  { sha256, file, owner, key, mime, favourites }: ArchiveItem,
  found: Spooled & { sha256: string; extension: string; known: ReadonlySet<string> },
): void {
  const name = `media/${found.sha256}.${found.extension}`;
  if (sha256 !== found.sha256) throw new ArchiveError(`${name} comes with the data of another file.`);
  if (file.sha256 !== found.hash || file.size !== found.size)
    throw new ArchiveError(`${name} is damaged: its SHA-256 differs from the recorded one.`);
  if (!found.known.has(owner)) throw new ArchiveError(`${name} has no owner in the archive.`);
  if (!favourites.every(({ person }) => found.known.has(person)))
    throw new ArchiveError(`${name} is a favourite of nobody of the archive.`);
  const format = sniffFormat(found.head);
  if (!format || FORMATS[format].mime !== mime || found.extension !== FORMATS[format].extension)
    throw new ArchiveError(`${name} is not of the type that it claims.`);
  if (!key.endsWith(`.${found.extension}`))
    throw new ArchiveError(`${name} has an object key of another type.`);
}

function headerOf(content: string): ArchiveHeader {
  const format = archiveFormat.safeParse(jsonOf(content)).data;
  if (!format) throw foreign();
  if (!ARCHIVE_VERSIONS.some((version) => version === format.version)) {
    throw new ArchiveError(
      `The archive is of format version ${format.version}; this release reads versions up to ${ARCHIVE_VERSIONS.at(-1)}. Import it with the release that wrote it, or a later one.`,
    );
  }
  return parsed(content, archiveHeader, HEADER_NAME);
}

const linesOf = <Schema extends z.ZodType>(
  content: string,
  schema: Schema,
  name: string,
): z.output<Schema>[] =>
  content
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => parsed(line, schema, `line ${i + 1} of ${name}`));

function parsed<Schema extends z.ZodType>(content: string, schema: Schema, place: string): z.output<Schema> {
  const result = schema.safeParse(jsonOf(content));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ArchiveError(
    `${place} is not as an export writes it: ${issue?.path.join('.')} ${issue?.message}`,
  );
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

async function textOf(entry: Entry): Promise<string> {
  const { name, size } = entry.header;
  if (size > MAX_TEXT_BYTES) throw new ArchiveError(`${shown(name)} is too large for its name.`);
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(entry, shown(name))) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function* chunksOf(entry: Entry, place: string): AsyncIterable<Buffer> {
  try {
    for await (const chunk of entry) {
      // A view of the bytes, not a copy.
      if (chunk instanceof Uint8Array) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
  } catch (cause) {
    throw unreadable(cause, place);
  }
}

/** Makes a foreign name safe for a message. */
const shown = (name: string) => JSON.stringify(name.slice(0, 100));

const foreign = () => new ArchiveError('This is not an export of meemikansio.');

/** Explains tar-stream's errors: for bytes that are no tar, and for a truncated one. */
function unreadable(cause: unknown, place: string): unknown {
  const message = cause instanceof Error ? cause.message : '';
  if (/Unexpected end of data|Premature close|Writable stream closed/.test(message))
    return new ArchiveError(`The archive ends in the middle of ${place}: it is truncated.`, { cause });
  if (/Invalid tar header|Invalid header|Header exceeds|unknown format/i.test(message))
    return place === START_PLACE
      ? foreign()
      : new ArchiveError(`The archive is damaged after ${place}.`, { cause });
  return cause;
}
