import { createContext, For, useContext, type ParentProps } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from './icon.tsx';
import { createToasts } from './toasts.model.ts';
import './toasts.css';

type Toasts = ReturnType<typeof createToasts> & {
  /** Shows the toasts inside a modal dialog, until the returned function is called. */
  host: (dialog: HTMLElement) => () => void;
};

const ToastContext = createContext<Toasts>();

/** Provides toasts to its children and shows them. */
export function ToastProvider(props: ParentProps) {
  const { t } = useI18n();
  const model = createToasts();
  let home!: HTMLDivElement;
  let region!: HTMLElement;
  /** Open dialogs, the topmost last. The rest of the page is inert, so the toasts move into it. */
  let hosts: readonly HTMLElement[] = [];
  const place = (next: readonly HTMLElement[]) => {
    hosts = next;
    (hosts.at(-1) ?? home).append(region);
  };
  const host = (dialog: HTMLElement) => {
    place([...hosts, dialog]);
    return () => place(hosts.filter((other) => other !== dialog));
  };
  return (
    <ToastContext.Provider value={{ ...model, host }}>
      {props.children}
      <div ref={home}>
        <section
          ref={region}
          class="toasts"
          role="status"
          aria-label={t('toast.region')}
          onPointerEnter={() => model.hold()}
          onPointerLeave={() => model.release()}
          onFocusIn={() => model.hold()}
          onFocusOut={() => model.release()}
        >
          <For each={model.toasts()}>
            {(toast) => (
              <div class="toast" data-tone={toast.tone}>
                <p>{toast.text}</p>
                {toast.action && (
                  <button
                    type="button"
                    class="button toast-action"
                    onClick={() => {
                      model.dismiss(toast.id);
                      toast.action?.run();
                    }}
                  >
                    {toast.action.label}
                  </button>
                )}
                <button
                  type="button"
                  class="button icon-only"
                  aria-label={t('toast.dismiss')}
                  onClick={() => model.dismiss(toast.id)}
                >
                  <Icon name="close" />
                </button>
              </div>
            )}
          </For>
        </section>
      </div>
    </ToastContext.Provider>
  );
}

/** Returns the page's toasts; throws outside `ToastProvider`. */
export function useToasts() {
  const toasts = useContext(ToastContext);
  if (!toasts) throw new Error('useToasts outside ToastProvider');
  return toasts;
}
