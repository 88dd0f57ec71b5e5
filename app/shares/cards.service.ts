import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Logger } from 'pino';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { discardLater } from '../media/discard.service.ts';
import type { Ffmpeg } from '../media/ffmpeg/ffmpeg.ts';
import { firstShownFrame } from '../media/formats/browser-view.ts';
import { MAX_DECODE_BYTES } from '../media/media.limits.ts';
import { discardObjects } from '../storage/objects.ts';
import type { Storage } from '../storage/storage.ts';
import type { Semaphore } from '../util/semaphore.ts';
import { streamToFile } from '../util/stream-to-file.ts';
import { inTempFolder } from '../util/temp-folder.ts';
import { GALLERY_PICTURES, makeCard, makeGalleryCard } from './card-picture.ts';
import {
  findCardItem,
  setGalleryCard,
  setItemCard,
  stillKey,
  type CardItem,
  type SharePageRow,
  type Still,
} from './page.repository.ts';

/** Memory of decoding the thumbnails of a gallery's card. */
const GALLERY_BYTES = 20_000_000;

export interface Cards {
  /**
   * Returns the sharing picture of an item as JPEG, and makes it at the first call. `null` for a
   * trashed item and for a video whose poster is not made yet.
   */
  ofItem(id: string): Promise<Buffer | null>;
  /**
   * Returns the sharing picture of a gallery as JPEG. Makes it again when its first pictures have
   * changed, so that it shows no deleted one. `null` when none of them has a picture yet. `stale`
   * if the share has changed meanwhile: the caller looks it up again.
   */
  ofGallery(
    share: Pick<SharePageRow, 'code' | 'card_key' | 'card_of' | 'items'>,
  ): Promise<Buffer | null | 'stale'>;
}

export interface CardsDeps {
  db: Database;
  storage: Storage;
  jobs: JobQueue;
  logger: Logger;
  ffmpeg: Ffmpeg | null;
  decoding: Semaphore;
  /** Folder for temporary files. */
  directory: string;
}

export function createCards(deps: CardsDeps): Cards {
  const { db, storage, jobs, logger, decoding } = deps;
  // Crawlers of several chats come at once: they share the work.
  const once = {
    item: shareWork<Buffer | null>(),
    gallery: shareWork<Buffer | null | 'stale'>(),
  };

  async function stored(key: string | null): Promise<Buffer | null> {
    const bytes = key === null ? null : await storage.read(key);
    return bytes && buffer(bytes);
  }

  /**
   * Stores a picture and names it by `adopt`, instead of `before`. Discards it and returns `false`
   * if that is refused.
   */
  async function keep(
    jpeg: Buffer,
    before: string | null,
    adopt: (trx: Trx, key: string) => Promise<boolean>,
  ): Promise<boolean> {
    const key = `${randomUUID()}.jpg`;
    await inFolder(async (folder) => {
      const path = join(folder, 'card.jpg');
      await writeFile(path, jpeg, { flag: 'wx' });
      await storage.put(key, path, { contentType: 'image/jpeg' });
    });
    // If this fails, the update may have happened unnoticed: the sweep decides about the object.
    const adopted = await inTransaction(db, async (trx) => {
      if (!(await adopt(trx, key))) return false;
      if (before !== null) await discardLater(jobs, trx, [before]);
      return true;
    });
    const unused = adopted ? before : key;
    if (unused !== null) await discardObjects(storage, [unused], logger);
    return adopted;
  }

  const inFolder = <T>(work: (folder: string) => Promise<T>): Promise<T> =>
    inTempFolder(deps.directory, 'card-', work);

  const draw = (item: CardItem, source: Readable) =>
    inFolder(async (folder) => {
      const path = join(folder, 'source');
      await streamToFile(source, path);
      const picture = { path, mime: item.mime, animated: item.kind === 'animation' };
      const shown =
        item.kind === 'video' ? path : await firstShownFrame(picture, { ffmpeg: deps.ffmpeg, folder });
      return makeCard(shown, item);
    });

  async function itemCard(id: string): Promise<Buffer | null> {
    for (let lost: string | null = null; ;) {
      const item = await findCardItem(db, id);
      if (!item) return null;
      const there = await stored(item.card_key);
      if (there) return there;
      const key = item.kind === 'video' ? item.poster_key : item.object_key;
      if (key === null) return null;
      const jpeg = await decoding.run(MAX_DECODE_BYTES, async () => {
        const source = await storage.read(key);
        return source && draw(item, source);
      });
      if (jpeg && (await keep(jpeg, item.card_key, (trx, name) => setItemCard(trx, item, name)))) return jpeg;
      // The item may have moved to other keys, or its last share may have ended.
      if (key === lost) return jpeg;
      lost = key;
    }
  }

  async function galleryCard(
    share: Parameters<Cards['ofGallery']>[0],
    shown: readonly Still[],
    of: string,
  ): Promise<Buffer | null | 'stale'> {
    const there = share.card_of === of ? await stored(share.card_key) : null;
    if (there) return there;
    const pictures = (await Promise.all(shown.map(({ key }) => stored(key)))).filter(
      (picture) => picture !== null,
    );
    if (pictures.length === 0) return shown.length === 0 ? null : 'stale';
    const jpeg = await decoding.run(GALLERY_BYTES, () => makeGalleryCard(pictures));
    const before = share.card_key;
    const card = { before, of, shown };
    const kept = await keep(jpeg, before, (trx, key) => setGalleryCard(trx, share.code, { ...card, key }));
    return kept ? jpeg : 'stale';
  }

  return {
    ofItem: (id) => once.item(id, () => itemCard(id)),
    ofGallery(share) {
      const stills = share.items.flatMap((item) => {
        const key = stillKey(item);
        return key === null ? [] : [{ id: item.id, key }];
      });
      const shown = stills.slice(0, GALLERY_PICTURES);
      const of = createHash('sha256')
        .update(shown.map(({ key }) => key).join())
        .digest('base64url');
      // Requests share the work for the same pictures only: one may have been deleted meanwhile.
      return once.gallery(`${share.code}:${of}`, () => galleryCard(share, shown, of));
    },
  };
}

/** Returns a function that runs work of the same name once for all who ask meanwhile. */
function shareWork<Result>() {
  const running = new Map<string, Promise<Result>>();
  return (name: string, work: () => Promise<Result>): Promise<Result> => {
    const known = running.get(name);
    if (known) return known;
    const made = work().finally(() => running.delete(name));
    running.set(name, made);
    return made;
  };
}
