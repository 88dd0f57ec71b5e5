import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, type Accessor } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { MAX_BULK_ITEMS } from '../../app/media/media.limits.ts';
import { MAX_SHARE_ITEMS } from '../../app/shares/shares.limits.ts';
import { isOwnerOrAdmin } from '../auth/ownership.ts';
import { useSession } from '../auth/session-gate.tsx';
import { useBrowseDictionary, useSharingDictionary } from '../i18n/dictionaries.tsx';
import { formatBytes } from '../i18n/format-bytes.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { deleteItems, downloadItems, restoreItems } from '../library/bulk-actions.ts';
import { createFavouriteAction } from '../library/favourite-action.ts';
import { itemName } from '../library/item-name.ts';
import { useLibrary } from '../library/library-context.tsx';
import { prefersShareSheet, shareItem } from '../shares/native-share.ts';
import { itemLink } from '../shares/shares.queries.ts';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { archiveSize } from './archive-size.ts';

/** The selected items, as an archive to download. */
export interface Archive {
  ids: readonly string[];
  count: number;
  /** With its unit. */
  size: string;
}

/** The open dialog of the selection bar, with what it acts on. */
export type SelectionDialog =
  | { is: 'tag' | 'collect' }
  | { is: 'purge'; ids: readonly string[] }
  | { is: 'download'; archive: Archive }
  | { is: 'share'; items: readonly MediaListItem[]; name: string };

/** Actions on the selected items. Those that need an answer open a dialog. */
export interface SelectionActions {
  /** The selected items that are loaded, in the order of the list. */
  items: Accessor<readonly MediaListItem[]>;
  dialog: Accessor<SelectionDialog | null>;
  open: (dialog: SelectionDialog) => void;
  close: () => void;
  /** Number and size of the archive, for the button's title. */
  archive: () => Archive;
  remove: () => void;
  restore: () => void;
  purge: () => void;
  download: () => void;
  /** Downloads an archive without a question. */
  pack: (archive: Archive) => void;
  share: () => void;
  toggleFavourites: () => void;
  /** Removes the selected items from the list and moves the focus to the item in their place. */
  leave: () => void;
}

/**
 * Creates the actions of the selection bar.
 *
 * @param onGone called when the items leave the list, with the id of the item in their place
 */
export function createSelectionActions(onGone: (next: string) => void): SelectionActions {
  const i18n = useI18n();
  const t = useBrowseDictionary();
  const tSharing = useSharingDictionary();
  const library = useLibrary();
  const client = useQueryClient();
  const toasts = useToasts();
  const report = useErrorReport();
  const { user } = useSession();
  const { selection } = library;
  const [dialog, setDialog] = createSignal<SelectionDialog | null>(null);
  const toggle = createFavouriteAction();

  // A memo, because the list may have thousands.
  const items = createMemo(() => library.items().filter(({ id }) => selection.has(id)));
  const mine = () => items().filter((item) => isOwnerOrAdmin(user(), item));

  const leave = () => {
    const all = library.items();
    const first = all.findIndex(({ id }) => selection.has(id));
    const stays = ({ id }: MediaListItem) => !selection.has(id);
    const next = all.slice(first).find(stays) ?? all.slice(0, first).findLast(stays);
    selection.clear();
    if (next) onGone(next.id);
  };

  const remove = async () => {
    const all = items().length;
    const targets = mine();
    if (targets.length === 0) {
      toasts.show(t('select.notYours'));
      return;
    }
    const deletion = deleteItems(client, targets);
    leave();
    const { count, undo } = await deletion;
    toasts.show(t(count < all ? 'select.deletedSome' : 'select.deleted', { count }), {
      action: {
        label: t('select.undo'),
        run: () => void undo().then((back) => toasts.show(t('select.restored', { count: back })), report),
      },
    });
  };

  const restore = async () => {
    const restoration = restoreItems(client, items());
    leave();
    toasts.show(t('select.restored', { count: await restoration }));
  };

  const purge = () => {
    if (mine().length === 0) toasts.show(t('select.notYours'));
    else setDialog({ is: 'purge', ids: mine().map(({ id }) => id) });
  };

  const archive = () => {
    const { bytes, isLarge } = archiveSize(items());
    const size = formatBytes(i18n.language(), bytes);
    return { ids: selection.ids(), count: selection.count(), size, isLarge };
  };
  const pack = ({ ids, count, size }: Archive) => {
    toasts.show(t('select.packing', { count, size }));
    downloadItems(ids, () => toasts.show(t('select.zipFailed'), { tone: 'problem' }));
  };
  const download = () => {
    const wanted = archive();
    if (wanted.count > MAX_BULK_ITEMS)
      toasts.show(t('select.tooMany', { count: MAX_BULK_ITEMS }), { tone: 'problem' });
    else if (wanted.isLarge) setDialog({ is: 'download', archive: wanted });
    else pack(wanted);
  };

  const share = () => {
    const all = items();
    const [first] = all;
    if (!first) return;
    const name = itemName(first, i18n);
    if (all.length > MAX_SHARE_ITEMS)
      toasts.show(tSharing('share.tooMany', { count: MAX_SHARE_ITEMS }), { tone: 'problem' });
    else if (all.length === 1 && prefersShareSheet())
      shareItem(first, name, async () => (await itemLink(client, first.id)).url).catch(report);
    else setDialog({ is: 'share', items: all, name });
  };

  return {
    items,
    dialog,
    open: (next) => setDialog(next),
    close: () => setDialog(null),
    archive,
    remove: () => void remove().catch(report),
    restore: () => void restore().catch(report),
    purge,
    download,
    pack,
    share,
    toggleFavourites: () => toggle(items()),
    leave,
  };
}
