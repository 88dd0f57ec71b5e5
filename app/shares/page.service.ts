import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { SESSION_SECONDS } from '../auth/sessions.service.ts';
import type { Database } from '../db/client.ts';
import { downloadName } from '../files/download-name.ts';
import { findObject } from '../storage/find-object.ts';
import type { ByteRange, ObjectInfo, Storage } from '../storage/storage.ts';
import type { Cards } from './cards.service.ts';
import type { ShareOpens } from './opens.ts';
import { findSharePage, stillKey, type ShareItemRow, type SharePageRow } from './page.repository.ts';
import { shownKey } from './page.view.ts';

/**
 * A share as a visitor finds it. `ended`: revoked, expired, or every item deleted. `missing`: no
 * share has this code.
 */
export type FoundShare = { state: 'missing' } | { state: 'ended' } | { state: 'live'; share: SharePageRow };

/** Which file of an item. */
export type FileRole = 'file' | 'poster' | 'preview' | 'download';

/** A file of a share: bytes of ours, or an address of the storage. */
export type FoundFile =
  | { redirect: string }
  | {
      info: ObjectInfo;
      etag: string;
      /** Name of a download. */
      name: string | null;
      /** Opens the file; `null` if it has moved meanwhile. */
      open(range?: ByteRange): Promise<Readable | null>;
    };

export interface SharePages {
  /** Finds a share in one round trip. `sessionId`: of a verified cookie, or `null`. */
  find(code: string, sessionId: string | null): Promise<FoundShare>;
  /** Counts that a person opened the page. */
  opened(code: string): void;
  /** Finds a file of an item at this place; `null` if there is none. */
  file(share: SharePageRow, position: number, role: FileRole): Promise<FoundFile | null>;
  /**
   * Returns the sharing picture as JPEG: of the item at this place, or of the share (`null`).
   * `null` if it cannot be made yet.
   */
  card(share: SharePageRow, position: number | null): Promise<Buffer | null>;
}

/** Looks at a share that changes at the same moment. */
const MAX_TRIES = 5;

export function createSharePages(deps: {
  db: Database;
  storage: Storage;
  cards: Cards;
  opens: ShareOpens;
}): SharePages {
  const { db, storage, cards, opens } = deps;

  async function find(code: string, sessionId: string | null): Promise<FoundShare> {
    const share = await findSharePage(db, code, { sessionId, idleSeconds: SESSION_SECONDS });
    if (!share) return { state: 'missing' };
    return share.ended || share.items.length === 0 ? { state: 'ended' } : { state: 'live', share };
  }

  /** Returns the share as it is now; `null` if it is no longer live. */
  async function findAgain(code: string): Promise<SharePageRow | null> {
    const found = await find(code, null);
    return found.state === 'live' ? found.share : null;
  }

  return {
    find,

    opened: (code) => opens.count(code),

    file({ code, items }, position, role) {
      const itemAt = (all: readonly ShareItemRow[]) => all.find((one) => one.position === position) ?? null;
      return findObject<ShareItemRow, FoundFile>(itemAt(items), {
        again: async () => itemAt((await findAgain(code))?.items ?? []),
        keyOf: (item) => keyOf(item, role),
        async open(key, item) {
          const name = role === 'download' ? nameOf(item, key) : null;
          const redirect = await storage.redirectUrl(key, name ?? undefined);
          if (redirect !== null) return { redirect };
          const info = await storage.info(key);
          return info && { info, etag: etagOf(key), name, open: (range) => storage.read(key, range) };
        },
      });
    },

    async card(found, position) {
      let share: SharePageRow | null = found;
      for (let tries = MAX_TRIES; share !== null && tries > 0; tries--) {
        const [only] = share.items;
        const item = position === null ? only : share.items.find((one) => one.position === position);
        if (!item) return null;
        const isGallery = position === null && share.items.length > 1;
        const card = isGallery ? await cards.ofGallery(share) : await cards.ofItem(item.id);
        if (card !== 'stale') return card;
        share = await findAgain(share.code);
      }
      return null;
    },
  };
}

function keyOf(item: ShareItemRow, role: FileRole): string | null {
  if (role === 'poster') return stillKey(item);
  if (role === 'preview') return item.preview_key;
  return role === 'download' ? item.object_key : shownKey(item);
}

/** The address of a file is a secret of its own: neither the tag nor the name tells the key. */
const etagOf = (key: string) => `"${createHash('sha256').update(key).digest('base64url').slice(0, 22)}"`;

const nameOf = (item: ShareItemRow, key: string) =>
  downloadName(`meemi${key.slice(key.lastIndexOf('.'))}`, item);
