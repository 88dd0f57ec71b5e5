import { onCleanup, onMount, type ParentProps } from 'solid-js';
import { useToasts } from './toasts.tsx';
import './dialog.css';

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

let open = 0;

/**
 * Locks scrolling while any dialog is open and keeps the page's width. A new width would lay out
 * thousands of tiles. With `scrollbar-gutter: stable` and no visible scrollbar, neither
 * `clientWidth` nor `innerWidth` includes the gutter, so this measures it. It avoids `:has()`,
 * which the browser re-evaluates at every change of the page.
 */
function lockScroll(change: 1 | -1): void {
  const { documentElement: page } = document;
  if (open === 0)
    page.style.setProperty('--scrollbar', `${window.innerWidth - page.getBoundingClientRect().width}px`);
  open += change;
  page.toggleAttribute('data-held', open > 0);
}

/**
 * A modal dialog based on the native `<dialog>`. The page behind is inert, and focus returns when
 * it closes. Tab wraps at the ends and does not leave for the browser's controls.
 *
 * @param props.labelledBy id of its heading
 * @param props.focusSelf whether the dialog itself gets the focus, and not its first control
 * @param props.onClose called on Escape or a click outside; without it the dialog cannot be closed
 */
export function Dialog(
  props: ParentProps<{
    labelledBy: string;
    class: string;
    focusSelf?: boolean;
    ref?: (dialog: HTMLDialogElement) => void;
    onClose?: () => void;
  }>,
) {
  let dialog!: HTMLDialogElement;

  const toasts = useToasts();
  onMount(() => {
    lockScroll(1);
    dialog.showModal();
    if (props.focusSelf === true) {
      dialog.tabIndex = -1;
      dialog.focus();
    }
    onCleanup(toasts.host(dialog));
  });
  onCleanup(() => {
    // Before the dialog closes, for which the browser computes the styles of the whole page.
    lockScroll(-1);
    dialog.close();
  });

  const keepFocus = (event: KeyboardEvent) => {
    if (event.key !== 'Tab') return;
    const inside = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((element) =>
      element.checkVisibility(),
    );
    const first = inside[0];
    const last = inside.at(-1);
    const active = document.activeElement;
    if (event.shiftKey && (active === first || active === dialog)) {
      event.preventDefault();
      last?.focus();
    } else if (!event.shiftKey && active === last) {
      event.preventDefault();
      first?.focus();
    }
  };

  return (
    <dialog
      ref={(element) => {
        dialog = element;
        props.ref?.(element);
      }}
      class={props.class}
      aria-labelledby={props.labelledBy}
      aria-modal="true"
      on:cancel={(event) => {
        event.preventDefault();
        if (event.target === dialog) props.onClose?.();
      }}
      on:click={(event) => {
        if (event.target === dialog) props.onClose?.();
      }}
      on:keydown={keepFocus}
    >
      {props.children}
    </dialog>
  );
}
