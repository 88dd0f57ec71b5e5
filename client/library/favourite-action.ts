import { useQueryClient } from '@tanstack/solid-query';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { loadSharingDictionary } from '../i18n/dictionaries.tsx';
import { format } from '../i18n/format.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { changeFavourites } from './favourites.ts';

/** Whether all items are favourites of the user, so that the action removes them. */
export const areFavourites = (items: readonly Pick<MediaListItem, 'favourite'>[]): boolean =>
  items.length > 0 && items.every(({ favourite }) => favourite);

/**
 * Returns the action that makes items favourites of the user. If all of them are, it removes them.
 * It says what it did and offers to undo it.
 */
export function createFavouriteAction(): (items: readonly MediaListItem[]) => void {
  const i18n = useI18n();
  const client = useQueryClient();
  const toasts = useToasts();
  const report = useErrorReport();
  const toggle = async (items: readonly MediaListItem[]) => {
    const favourite = !areFavourites(items);
    const { count, undo } = await changeFavourites(client, items, favourite);
    const texts = await loadSharingDictionary(i18n.language());
    const text = texts[favourite ? 'favourite.added' : 'favourite.removed'];
    toasts.show(format(i18n.language(), text, { count }), {
      action: {
        label: format(i18n.language(), texts['favourite.undo']),
        run: () => void undo().catch(report),
      },
    });
  };
  return (items) => void toggle(items).catch(report);
}
