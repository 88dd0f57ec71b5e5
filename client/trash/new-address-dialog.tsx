import { useQueryClient } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { TrashDictionary, useTrashDictionary } from '../i18n/dictionaries.tsx';
import { renewAddress } from '../library/purge.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface NewAddressDialogProps {
  item: MediaItem;
  onSaid: (text: string) => void;
  onClose: () => void;
}

/**
 * Asks, and gives the files of an item new addresses. Says that copies of the old ones may stay.
 */
export function NewAddressDialog(props: NewAddressDialogProps) {
  return (
    <TrashDictionary>
      <Ask {...props} />
    </TrashDictionary>
  );
}

function Ask(props: NewAddressDialogProps) {
  const t = useTrashDictionary();
  const client = useQueryClient();
  const renew = async () => {
    await renewAddress(client, props.item);
    props.onSaid(t('address.done'));
    props.onClose();
  };
  return (
    <ConfirmDialog
      title={t('address.title')}
      text={t('address.text')}
      confirm={t('address.confirm')}
      onConfirm={renew}
      onClose={() => props.onClose()}
    />
  );
}
