import {
  createComponent,
  createMemo,
  createSignal,
  ErrorBoundary,
  onCleanup,
  untrack,
  type Component,
  type JSX,
} from 'solid-js';
import { ApiError } from '../api/errors.ts';
import { isServerGone, onServerBack } from '../api/server-status.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { ErrorNotice } from './error-notice.tsx';

/**
 * The component's place, which decides where its error shows: the whole page, a section, above the
 * page, or nowhere.
 */
type Placement = 'page' | 'part' | 'over' | 'nowhere';

/**
 * Creates a component that loads when first shown. If loading or rendering fails, it shows an error
 * with a retry button in its place. The rest of the page stays. Loading fails offline, or after a
 * release has renamed the files.
 *
 * @param load imports the component; called again at every retry
 */
export function lazyComponent<Props extends object>(
  load: () => Promise<Component<Props>>,
  place: Placement,
): Component<Props> {
  let known: Component<Props> | undefined;
  let failures = 0;

  const Loader = (props: Props): JSX.Element => {
    const [arrival, setArrival] = createSignal(() => known);
    if (!known)
      load().then(
        (part) => setArrival(() => () => (known = part)),
        (thrown: unknown) =>
          setArrival(() => () => {
            throw thrown;
          }),
      );
    const shown = createMemo(() => {
      const part = arrival()();
      if (part) failures = 0;
      return part && untrack(() => createComponent(part, props));
    });
    return <>{shown()}</>;
  };

  return (props) => (
    <ErrorBoundary
      fallback={(thrown: unknown, reset) => {
        console.error(thrown);
        const again = failures++ > 0;
        if (place === 'nowhere') return <TriedAgain again={reset} />;
        return <MissingChunk place={place} again={again} onRetry={reset} />;
      }}
    >
      {createComponent(Loader, props)}
    </ErrorBoundary>
  );
}

/**
 * Shows nothing, and tries again when the network or the server is back, or the page is looked at
 * again.
 */
function TriedAgain(props: { again: () => void }) {
  const listeners = new AbortController();
  const { signal } = listeners;
  const onBack = () => navigator.onLine && !document.hidden && props.again();
  window.addEventListener('online', onBack, { signal });
  document.addEventListener('visibilitychange', onBack, { signal });
  onCleanup(onServerBack(onBack));
  onCleanup(() => listeners.abort());
  return null;
}

/**
 * Opens without blocking the page, by style alone. It is modal only above an open dialog, which
 * would otherwise make it inert.
 */
const openAbove = (dialog: HTMLDialogElement) =>
  queueMicrotask(() => document.querySelector('dialog[open]') && dialog.showModal());

/**
 * Error for a missing chunk. After a second failure with a reachable server, a new release has
 * replaced the chunk, so it offers a reload.
 */
function MissingChunk(props: { place: Placement; again: boolean; onRetry: () => void }) {
  const { t } = useI18n();
  const isOffline = !navigator.onLine || isServerGone();
  const shouldReload = props.again && !isOffline;
  const page = props.place === 'page';
  const problem = (
    <ErrorNotice
      page={page}
      title={t('app.missing')}
      error={new ApiError(isOffline ? 'offline' : 'unknown')}
      action={t(shouldReload ? 'app.reload' : 'app.retry')}
      onAction={() => (shouldReload ? location.reload() : props.onRetry())}
    />
  );
  if (props.place === 'part') return problem;
  if (page) return <main>{problem}</main>;
  return (
    <dialog ref={openAbove} class="missing" aria-label={t('app.missing')}>
      {problem}
    </dialog>
  );
}
