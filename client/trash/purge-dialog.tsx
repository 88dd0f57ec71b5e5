import { useQueryClient } from '@tanstack/solid-query';
import { TrashDictionary, useTrashDictionary } from '../i18n/dictionaries.tsx';
import { purgeItems } from '../library/purge.ts';
import { useToasts } from '../ui/toasts.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface PurgeDialogProps {
  ids: readonly string[];
  onPurged: () => void;
  onClose: () => void;
}

/** Asks, and deletes items of the trash for good. */
export function PurgeDialog(props: PurgeDialogProps) {
  return (
    <TrashDictionary>
      <Ask {...props} />
    </TrashDictionary>
  );
}

function Ask(props: PurgeDialogProps) {
  const t = useTrashDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const purge = async () => {
    const count = await purgeItems(client, props.ids);
    toasts.show(t('purge.done', { count }));
    props.onClose();
    props.onPurged();
  };
  return (
    <ConfirmDialog
      title={t('purge.title', { count: props.ids.length })}
      text={t('purge.text')}
      confirm={t('purge.confirm')}
      onConfirm={purge}
      onClose={() => props.onClose()}
    />
  );
}
