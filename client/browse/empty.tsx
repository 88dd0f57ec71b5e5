import { useI18n } from '../i18n/i18n.tsx';
import { FolderFace } from '../ui/folder-face.tsx';
import { FilePicker } from '../upload/file-picker.tsx';

/** Before the first picture. */
export function EmptyFolder() {
  const { t } = useI18n();
  return (
    <div class="notice">
      <FolderFace mood="asleep" />
      <h2>{t('browse.empty')}</h2>
      <p>{t('browse.empty.hint')}</p>
      <FilePicker label={t('upload.choose')} />
    </div>
  );
}

/** A search without an answer. */
export function NothingFound(props: { q: string }) {
  const { t } = useI18n();
  return (
    <div class="notice">
      <FolderFace mood="puzzled" />
      <h2>{t('search.none', { query: props.q })}</h2>
      <p>{t('search.none.hint')}</p>
      <a class="button primary" href="/">
        {t('search.showAll')}
      </a>
    </div>
  );
}
