import { AppError } from '../http/errors.ts';

/** Who asks: what of a session decides about items. */
export interface Viewer {
  id: string;
  role: 'admin' | 'member';
}

/** The columns that decide who sees an item. */
export interface Seen {
  owner_id: string;
  deleted_at: Date | null;
}

/** Whose trash a person sees, for queries: the own one, or everybody's (`null`) for an admin. */
export const visibleTrash = (by: Viewer): string | null => (by.role === 'admin' ? null : by.id);

/** What is in the trash is there for its owner and for admins only; everything else for everybody who is signed in. */
export const isVisible = (item: Seen, by: Viewer): boolean =>
  item.deleted_at === null || by.role === 'admin' || item.owner_id === by.id;

/** The item, for who may see it. For everybody else it is as if there were none. Errors: not_found. */
export function requireVisible<Item extends Seen>(item: Item | null, by: Viewer): Item {
  if (item === null || !isVisible(item, by)) throw new AppError('not_found', 'There is no such item here.');
  return item;
}
