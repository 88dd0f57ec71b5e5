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
import type { AlikeList, AlikeQuery, AlikeRelation } from './alike.schema.ts';
import { findAlike, findFingerprint, findTexts, type AlikeItem } from './fingerprints.repository.ts';
import { comparedWords, compareWords } from './words.ts';

/** Finds items that look alike, and tells the same meme from its template with other words. */
export interface AlikeService {
  /**
   * Lists items outside the trash that are alike in one way, newest first. Errors: `not_found`.
   */
  list(id: string, query: AlikeQuery, by: SessionUser): Promise<AlikeList>;
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
    async list(id, { as, before, limit }, by) {
      const { text } = requireVisible(await findMedia(db, id), by);
      const { related, exact } = await findRelated(db, id, text);
      const all = related.filter(({ relation }) => relation === as);
      const rest = before === undefined ? all : all.filter((one) => one.id < before);
      const page = rest.slice(0, limit);
      const rows = await findMediaByIds(
        db,
        page.map((one) => one.id),
      );
      const mirrored = new Map(page.map((one) => [one.id, one.mirrored]));
      return {
        items: rows.map((row) => ({
          item: toListItem(row, storage, by.id),
          mirrored: mirrored.get(row.id) ?? false,
        })),
        total: { value: all.length, exact },
        next: rest.length > page.length ? (page.at(-1)?.id ?? null) : null,
      };
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
