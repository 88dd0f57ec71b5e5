import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { useUploads } from './uploads.tsx';

/**
 * The button that opens the system's file picker (on a phone: the gallery or the camera). What is chosen is judged by
 * the server, from its content.
 *
 * @param props.label other words than "Add files"
 */
export function FilePicker(props: { label?: string }) {
  const { t } = useI18n();
  const uploads = useUploads();
  let input!: HTMLInputElement;

  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        accept="image/*"
        hidden
        onChange={() => {
          uploads.add([...(input.files ?? [])]);
          input.value = ''; // the same file may be chosen again
        }}
      />
      <button type="button" class="button primary" onClick={() => input.click()}>
        <Icon name="add" />
        <span>{props.label ?? t('upload.add')}</span>
      </button>
    </>
  );
}
