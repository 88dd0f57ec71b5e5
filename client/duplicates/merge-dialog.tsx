import { Show } from 'solid-js';
import { useCollectionsDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { itemName } from '../library/item-name.ts';
import { ConfirmDialog } from '../trash/confirm-dialog.tsx';
import type { WantedMerge } from './duplicates.queries.ts';

/** Asks before items are merged, and says what becomes of their addresses. */
export function MergeDialog(props: {
  merges: readonly WantedMerge[];
  /** Merges. The dialog shows its error and stays open. */
  onConfirm: () => Promise<void>;
  onClose: () => void;
}) {
  const i18n = useI18n();
  const t = useCollectionsDictionary();
  const items = () => props.merges.flatMap((each) => each.items);
  /** A bucket serves its addresses itself, so they cannot lead elsewhere. */
  const isInBucket = () => items().some(({ url }) => !url.startsWith('/'));
  const title = () => {
    const [first, ...more] = props.merges;
    return first && more.length === 0
      ? t('duplicates.askOne', { name: itemName(first.into, i18n), count: items().length })
      : t('duplicates.askAll', { count: items().length });
  };
  return (
    <ConfirmDialog
      title={title()}
      text={t('duplicates.text')}
      confirm={t('duplicates.merge')}
      onConfirm={async () => {
        await props.onConfirm();
        props.onClose();
      }}
      onClose={() => props.onClose()}
    >
      <p>{t('duplicates.addresses')}</p>
      <Show when={isInBucket()}>
        <p>{t('duplicates.bucket')}</p>
      </Show>
    </ConfirmDialog>
  );
}
