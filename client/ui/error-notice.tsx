import { Show } from 'solid-js';
import { toApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { Logo } from './logo.tsx';

interface ErrorNoticeProps {
  title: string;
  error: unknown;
  action: string;
  onAction: () => void;
  /** Whether it fills the page; its title is then the page's heading. */
  page?: boolean;
}

/**
 * Shows a thrown value as text with an action. For a server error it adds details for the admin.
 */
export function ErrorNotice(props: ErrorNoticeProps) {
  const { t, errorText } = useI18n();
  const error = () => toApiError(props.error);
  return (
    <div class="notice" role="alert">
      <Logo mood="puzzled" />
      {props.page ? <h1>{props.title}</h1> : <h2>{props.title}</h2>}
      <p>{errorText(error().code)}</p>
      <Show when={error().code === 'internal' && error().requestId}>
        {(id) => <p class="faint">{t('app.errorReference', { id: id() })}</p>}
      </Show>
      <button type="button" class="button primary" onClick={() => props.onAction()}>
        {props.action}
      </button>
    </div>
  );
}
