import { createContext, For, useContext, type ParentProps } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from './icon.tsx';
import { createToasts } from './toasts.model.ts';
import './toasts.css';

const ToastContext = createContext<ReturnType<typeof createToasts>>();

/** Provides toasts to its children and shows them. */
export function ToastProvider(props: ParentProps) {
  const { t } = useI18n();
  const model = createToasts();
  return (
    <ToastContext.Provider value={model}>
      {props.children}
      <section
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
    </ToastContext.Provider>
  );
}

/** Returns the page's toasts; throws outside `ToastProvider`. */
export function useToasts() {
  const toasts = useContext(ToastContext);
  if (!toasts) throw new Error('useToasts outside ToastProvider');
  return toasts;
}
