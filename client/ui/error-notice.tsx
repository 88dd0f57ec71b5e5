import { Show } from 'solid-js';
import { toApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { Logo } from './logo.tsx';

interface ErrorNoticeProps {
  title: string;
  error: unknown;
  action: string;
  onAction: () => void;
  /** It is all there is on the page: its title is the page's. */
  page?: boolean;
}

/** A thrown value in words, with what to tell the admin should it be the server's fault, and a way on. */
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
