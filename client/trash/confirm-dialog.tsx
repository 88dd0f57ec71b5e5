import { createUniqueId, onMount, Show, type ParentProps } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { createForm } from '../ui/form.model.ts';
import './confirm-dialog.css';

interface ConfirmDialogProps {
  title: string;
  text: string;
  confirm: string;
  /** Whether nothing is lost by it: the button is then no warning. */
  harmless?: boolean;
  /** Does what was confirmed. The dialog shows its error and stays open. */
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/**
 * Asks before something that cannot be undone, or that takes long. The focus is on "Cancel", so
 * that no stray key confirms. Children stand between the text and the buttons.
 */
export function ConfirmDialog(props: ParentProps<ConfirmDialogProps>) {
  const { t, errorText } = useI18n();
  const id = createUniqueId();
  let cancel!: HTMLButtonElement;
  onMount(() => cancel.focus());
  const form = createForm([], () => props.onConfirm());
  const close = () => {
    if (!form.busy()) props.onClose();
  };

  return (
    <Dialog class="sheet confirm-dialog" labelledBy={`${id}-title`} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit();
        }}
      >
        <h2 id={`${id}-title`}>{props.title}</h2>
        <p>{props.text}</p>
        {props.children}
        <p class="field-problem" role="alert">
          <Show when={form.problem(null)}>{(problem) => errorText(problem().code)}</Show>
        </p>
        <div class="sheet-actions">
          <button ref={cancel} type="button" class="button" onClick={close}>
            {t('app.cancel')}
          </button>
          <button
            type="submit"
            class={`button ${props.harmless ? 'primary' : 'danger'}`}
            aria-disabled={form.busy()}
          >
            {props.confirm}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
