import { Show } from 'solid-js';
import { toApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { FolderFace } from './logo.tsx';

interface ProblemProps {
  title: string;
  error: unknown;
  action: string;
  onAction: () => void;
  /** It is all there is on the page: its title is the page's. */
  page?: boolean;
}

/** A thrown value in words, with what to tell the admin should it be the server's fault, and a way on. */
export function Problem(props: ProblemProps) {
  const { t, problem } = useI18n();
  const error = () => toApiError(props.error);
  return (
    <div class="notice" role="alert">
      <FolderFace mood="puzzled" />
      {props.page ? <h1>{props.title}</h1> : <h2>{props.title}</h2>}
      <p>{problem(error().code)}</p>
      <Show when={error().code === 'internal' && error().requestId}>
        {(id) => <p class="faint">{t('app.errorReference', { id: id() })}</p>}
      </Show>
      <button type="button" class="button primary" onClick={() => props.onAction()}>
        {props.action}
      </button>
    </div>
  );
}
