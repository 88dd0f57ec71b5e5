import { toApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useToasts } from './toasts.tsx';

/**
 * Returns a function that shows a thrown value as a toast. Use it for failures of background
 * actions.
 */
export function useErrorReport(): (thrown: unknown) => void {
  const { errorText, loadErrors } = useI18n();
  const toasts = useToasts();
  return (thrown) => {
    const { code } = toApiError(thrown);
    if (code === 'cancelled') return;
    void loadErrors().then(() => toasts.show(errorText(code), { tone: 'problem' }));
  };
}
