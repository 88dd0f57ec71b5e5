import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { useAddFiles } from './upload-provider.tsx';

/**
 * Button that opens the system's file picker (on a phone: the gallery or the camera). The server
 * validates the files by content.
 *
 * @param props.label text other than "Add files"
 */
export function FilePicker(props: { label?: string }) {
  const { t } = useI18n();
  const add = useAddFiles();
  let input!: HTMLInputElement;

  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        accept="image/*,video/*"
        hidden
        onChange={() => {
          add([...(input.files ?? [])]);
          input.value = ''; // allows the same file again
        }}
      />
      <button type="button" class="button primary" onClick={() => input.click()}>
        <Icon name="add" />
        <span>{props.label ?? t('upload.add')}</span>
      </button>
    </>
  );
}
