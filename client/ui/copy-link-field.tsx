import { createUniqueId, onMount, Show } from 'solid-js';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { useErrorReport } from './report-error.ts';
import { useToasts } from './toasts.tsx';

interface CopyLinkFieldProps {
  label: string;
  link: string;
  note: string;
  /** Of a secret that is no link: nobody shares it. */
  texts?: { copy: string; copied: string };
}

/** A link or another secret that is shown once, with buttons to copy and share it. */
export function CopyLinkField(props: CopyLinkFieldProps) {
  const t = usePeopleDictionary();
  const report = useErrorReport();
  const toasts = useToasts();
  const id = createUniqueId();
  let input!: HTMLInputElement;
  onMount(() => {
    input.focus();
    input.select();
  });

  const copy = async () => {
    await navigator.clipboard.writeText(props.link);
    toasts.show(props.texts?.copied ?? t('link.copied'));
  };
  const share = async () => {
    try {
      await navigator.share({ url: props.link });
    } catch (thrown) {
      // Closing the share sheet rejects with AbortError, which is not a failure.
      if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) throw thrown;
    }
  };

  return (
    <div class="copy-link field">
      <label for={id}>{props.label}</label>
      <input
        ref={input}
        id={id}
        readOnly
        value={props.link}
        onFocus={(event) => event.currentTarget.select()}
      />
      <p class="faint">{props.note}</p>
      <div class="row-actions">
        <button type="button" class="button primary" onClick={() => void copy().catch(report)}>
          {props.texts?.copy ?? t('link.copy')}
        </button>
        <Show when={!props.texts && 'share' in navigator}>
          <button type="button" class="button quiet" onClick={() => void share().catch(report)}>
            {t('link.share')}
          </button>
        </Show>
      </div>
    </div>
  );
}
