import { createMemo, createSignal } from 'solid-js';
import type { User } from '../../app/auth/auth.schema.ts';
import { compareFiles } from '../../app/media/duplicates/compare-files.shared.ts';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { isOwnerOrAdmin } from '../auth/ownership.ts';
import type { SameMeme } from './question.queries.ts';

/** Asks about an uploaded item that is the same meme as one that was there. */
export interface Question {
  /** Number of the upload in the tray. */
  uploadId: number;
  /** The uploaded item. */
  item: MediaItem;
  there: NonNullable<SameMeme>;
}

/**
 * Whether the uploaded file may take the place of the one that was there. It is the better file,
 * and the user may delete both. A mirror image is another picture.
 */
export const mayReplace = (
  user: Pick<User, 'id' | 'role'>,
  { item, there }: Pick<Question, 'item' | 'there'>,
): boolean =>
  !there.mirrored &&
  compareFiles(item, there.item) < 0 &&
  isOwnerOrAdmin(user, item) &&
  isOwnerOrAdmin(user, there.item);

/**
 * The open questions of the tray, in the order of their discovery. An answer counts for good: a
 * later change of the words asks nothing again. Without an answer, both are kept.
 */
export function createQuestions() {
  const [found, setFound] = createSignal<readonly Question[]>([]);
  const [answered, setAnswered] = createSignal<ReadonlySet<number>>(new Set());
  const open = createMemo(() => found().filter(({ uploadId }) => !answered().has(uploadId)));

  return {
    open,
    /** Reports what is known about an upload: its question, or `null` for none (any more). */
    report(uploadId: number, question: Omit<Question, 'uploadId'> | null): void {
      setFound((all) => {
        const others = all.filter((one) => one.uploadId !== uploadId);
        if (question === null) return others.length === all.length ? all : others;
        const next = { uploadId, ...question };
        // A question that is being read stays in its place.
        return others.length === all.length
          ? [...all, next]
          : all.map((one) => (one.uploadId === uploadId ? next : one));
      });
    },
    answer(uploadIds: readonly number[]): void {
      setAnswered((before) => new Set([...before, ...uploadIds]));
    },
    /** Opens a question again, after its answer could not be carried out. */
    reopen(uploadId: number): void {
      setAnswered((before) => new Set([...before].filter((id) => id !== uploadId)));
    },
  };
}

export type Questions = ReturnType<typeof createQuestions>;
