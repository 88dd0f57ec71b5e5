import { useQueryClient } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { deleteItem } from '../library/delete-item.ts';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import type { createNavigation } from './navigation.ts';

/**
 * Deletes the shown item, shows its neighbour, and offers to undo it.
 *
 * @param props.onShown called when the neighbour is shown
 */
export function createShownDeletion(props: {
  navigation: ReturnType<typeof createNavigation>;
  label: () => string;
  onShown: () => void;
}) {
  const t = useMediaDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const report = useErrorReport();

  return {
    remove(target: MediaItem): void {
      const name = props.label();
      // Shows the neighbour first: the item leaves the list.
      if (!props.navigation.go(1) && !props.navigation.go(-1)) props.navigation.close();
      // The button now belongs to the neighbour: a second press must not delete that too.
      else props.onShown();
      const { done, undo } = deleteItem(client, target);
      const toast = toasts.show(t('media.deleted', { name }), {
        action: {
          label: t('media.undo'),
          run: () => void undo().then(() => toasts.show(t('media.restored', { name })), report),
        },
      });
      done.catch((thrown: unknown) => {
        toasts.dismiss(toast);
        report(thrown);
      });
    },
  };
}
