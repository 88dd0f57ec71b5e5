import type { SessionUser } from '../../http/env.ts';
import type { Database } from '../../db/client.ts';
import type { Storage } from '../../storage/storage.ts';
import { findMedia, findMediaByIds } from '../media.repository.ts';
import { toListItem } from '../media.view.ts';
import { requireVisible } from '../visibility.ts';
import {
  ENOUGH_ALIKE_ITEMS,
  MAX_ALIKE_DISTANCE,
  MAX_ALIKE_ITEMS,
  MAX_STRICT_DISTANCE,
} from './alike.limits.ts';
import type { AlikeAnswer, AlikeQuery, AlikeRelation, AlikeRow } from './alike.schema.ts';
import { findAlike, findFingerprint, findTexts, type AlikeItem } from './fingerprints.repository.ts';
import { comparedWords, compareWords } from './words.ts';

/** Finds items that look alike, and tells the same meme from its template with other words. */
export interface AlikeService {
  /**
   * Finds the newest alike items outside the trash, by relation. Errors: `not_found`.
   */
  find(id: string, query: AlikeQuery, by: SessionUser): Promise<AlikeAnswer>;
  /**
   * Returns the newest item outside the trash that looks like a picture, at a strict distance: no
   * words are known. `null` for none.
   *
   * @param look the hashes of the picture, in hexadecimal
   */
  looksLike(look: readonly string[]): Promise<string | null>;
}

/** An alike item with its relation. */
export interface Related extends AlikeItem {
  relation: AlikeRelation;
}

export function createAlike(db: Database, storage: Storage): AlikeService {
  return {
    async find(id, { before, limit }, by) {
      const { text } = requireVisible(await findMedia(db, id), by);
      const { related, exact } = await findRelated(db, id, text);
      const found = { meme: of(related, 'meme'), template: of(related, 'template') };
      const newest = (all: readonly Related[]) =>
        all.filter((one) => before === undefined || one.id < before).slice(0, limit);
      const shown = Object.values(found).flatMap(newest);
      const rows = await findMediaByIds(
        db,
        shown.map((one) => one.id),
      );
      const items = new Map(rows.map((row) => [row.id, toListItem(row, storage, by.id)]));
      const rowOf = (all: readonly Related[]): AlikeRow => ({
        // An item that was purged meanwhile has no row.
        items: newest(all).flatMap((one) => {
          const item = items.get(one.id);
          return item ? { item, mirrored: one.mirrored } : [];
        }),
        total: { value: all.length, exact },
      });
      return { meme: rowOf(found.meme), template: rowOf(found.template) };
    },

    async looksLike(look) {
      const frame = look.map((hex) => Buffer.from(hex, 'hex'));
      const [found] = await findAlike(db, [frame], {
        distance: MAX_STRICT_DISTANCE,
        limit: 1,
        quick: true,
      });
      return found?.id ?? null;
    },
  };
}

const of = (related: readonly Related[], relation: AlikeRelation): Related[] =>
  related.filter((one) => one.relation === relation);

/**
 * Finds the newest alike items of an item and compares their words with `text`. `exact` is false if
 * there may be more.
 */
export async function findRelated(
  db: Database,
  id: string,
  text: string,
): Promise<{ related: Related[]; exact: boolean }> {
  const frames = await findFingerprint(db, id);
  const search = { distance: MAX_ALIKE_DISTANCE, except: id, limit: MAX_ALIKE_ITEMS };
  const alike = await findAlike(db, frames, search);
  const texts = await findTexts(
    db,
    alike.map((one) => one.id),
  );
  const words = comparedWords(text);
  const related = alike.map((one) => ({ ...one, relation: relationOf(words, texts.get(one.id) ?? '') }));
  return { related, exact: alike.length < ENOUGH_ALIKE_ITEMS };
}

/** Words decide. Without words in either, the distance alone has decided. */
const relationOf = (words: readonly string[], text: string): AlikeRelation =>
  compareWords(words, comparedWords(text)) === 'no' ? 'template' : 'meme';
