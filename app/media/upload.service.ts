import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../db/client.ts';
import { AppError } from '../http/errors.ts';
import type { SpooledFile } from '../http/upload.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { Storage } from '../storage/storage.ts';
import { addTags, ensureTags } from '../tags/tags.repository.ts';
import { createSemaphore } from '../util/semaphore.ts';
import { makeThumbnail, probeImage, type ImageProbe, type Thumbnail } from './formats/image.ts';
import { sniffFormat, type Format } from './formats/sniff.ts';
import { readTextJob } from './media.jobs.ts';
import { findBySha256, insertMedia } from './media.repository.ts';
import { ACCEPTED_TYPES } from './media.schema.ts';

export interface UploadDeps {
  db: Database;
  storage: Storage;
  jobs: JobQueue;
  logger: Logger;
  /** Without a reader an item is ready as soon as it is stored. */
  readsText: boolean;
}

export interface Upload {
  file: SpooledFile;
  ownerId: string;
  title: string;
  /** Normalised names. */
  tags: readonly string[];
}

export interface Uploads {
  /** The first bytes of a file, before the rest has come. Errors: unsupported_type. */
  checkHead(head: Uint8Array): void;
  /**
   * Makes an item of a spooled file: probe, thumbnail, storage, then row and job in one transaction. Answers the new id.
   * Errors: already_here (with the id), broken_file, too_many_pixels, unsupported_type. Nothing is left behind by one.
   */
  add(upload: Upload): Promise<string>;
}

/** Pictures decoded at once: each may hold a few hundred megabytes at the pixel limit. */
const DECODES = 2;

export function createUploads(deps: UploadDeps): Uploads {
  const decoding = createSemaphore(DECODES);

  return {
    checkHead: (head) => void formatOf(head),

    async add(upload) {
      const { file } = upload;
      await refuseKnown(deps.db, file.sha256);
      const format = formatOf(file.head);
      const probe = await probeImage(file.path, format);
      const thumbnail = await decoding.run(1, () => makeThumbnail(file.path));
      return store(deps, upload, probe, thumbnail);
    },
  };
}

function formatOf(head: Uint8Array): Format {
  const format = sniffFormat(head);
  if (format === null) {
    const accepted = ACCEPTED_TYPES.map((type) => type.replace(/^\w+\//, '').toUpperCase()).join(', ');
    throw new AppError(
      'unsupported_type',
      `This kind of file cannot be kept here. Accepted are ${accepted}.`,
    );
  }
  return format;
}

async function refuseKnown(db: Database, sha256: string): Promise<void> {
  const known = await findBySha256(db, sha256);
  if (known) throw alreadyHere(known.id);
}

const alreadyHere = (id: string) =>
  new AppError('already_here', 'This very file is in the folder already.', { details: { id } });

/** Objects first, then the row: a crash between the two leaves at worst objects that no row names. */
async function store(
  deps: UploadDeps,
  upload: Upload,
  probe: ImageProbe,
  thumbnail: Thumbnail,
): Promise<string> {
  const { db, storage, jobs, logger, readsText } = deps;
  const { file, ownerId, title, tags } = upload;
  const id = uuidv7();
  const objectKey = `${randomUUID()}.${probe.extension}`;
  const thumbKey = `${randomUUID()}.webp`;
  const thumbPath = `${file.path}.webp`;
  try {
    await writeFile(thumbPath, thumbnail.webp, { flag: 'wx' });
    await storage.put(objectKey, file.path, { contentType: probe.mime, downloadName: file.originalName });
    await storage.put(thumbKey, thumbPath, { contentType: 'image/webp' });
    await db.transaction().execute(async (trx) => {
      const inserted = await insertMedia(trx, {
        id,
        owner_id: ownerId,
        kind: probe.kind,
        mime: probe.mime,
        width: probe.width,
        height: probe.height,
        duration_ms: probe.durationMs,
        byte_size: file.byteSize,
        sha256: file.sha256,
        title,
        original_name: file.originalName,
        state: readsText ? 'processing' : 'ready',
        object_key: objectKey,
        thumb_key: thumbKey,
        thumb_hash: thumbnail.hash,
      });
      if (!inserted) {
        const known = await findBySha256(trx, file.sha256);
        throw known
          ? alreadyHere(known.id)
          : new Error('The same content came and went while it was uploaded.');
      }
      await addTags(trx, [id], await ensureTags(trx, tags));
      if (readsText) await jobs.enqueue(trx, readTextJob, { mediaId: id });
    });
    return id;
  } catch (error) {
    await discard(storage, [objectKey, thumbKey], logger);
    throw error;
  } finally {
    await rm(thumbPath, { force: true });
  }
}

/** What cannot be deleted now is an orphan for the sweep; the upload's own error is the one to tell. */
async function discard(storage: Storage, keys: readonly string[], logger: Logger): Promise<void> {
  for (const key of keys) {
    await storage
      .delete(key)
      .catch((err: unknown) => logger.error({ err, key }, 'an object of a failed upload stays behind'));
  }
}
