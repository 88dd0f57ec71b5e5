import { toApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useToasts } from './toasts.tsx';

/** For what fails after the screen has moved on: says a thrown value in words at the edge of the page. */
export function useErrorReport(): (thrown: unknown) => void {
  const { errorText } = useI18n();
  const toasts = useToasts();
  return (thrown) => {
    const { code } = toApiError(thrown);
    if (code !== 'cancelled') toasts.show(errorText(code), { tone: 'problem' });
  };
}
