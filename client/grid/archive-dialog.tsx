import { useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { ConfirmDialog } from '../trash/confirm-dialog.tsx';

interface ArchiveDialogProps {
  count: number;
  /** With its unit. */
  size: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Says before a large archive is downloaded that it may take long. */
export function ArchiveDialog(props: ArchiveDialogProps) {
  const t = useBrowseDictionary();
  return (
    <ConfirmDialog
      title={t('select.long', { count: props.count, size: props.size })}
      text={t('select.longText')}
      confirm={t('select.download')}
      harmless
      onConfirm={async () => {
        // Closing ends the archive that the parent names.
        props.onConfirm();
        props.onClose();
      }}
      onClose={() => props.onClose()}
    />
  );
}
