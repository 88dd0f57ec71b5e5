import {
  createComponent,
  createMemo,
  createSignal,
  ErrorBoundary,
  untrack,
  type Component,
  type JSX,
} from 'solid-js';
import { ApiError } from '../api/errors.ts';
import { isServerGone } from '../api/server-status.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { ErrorNotice } from './error-notice.tsx';

/**
 * Where a part stands, and so where it is said that it is missing: it is the page, it has a place in it, it lies over it, or
 * nobody misses it.
 */
type Place = 'page' | 'part' | 'over' | 'nowhere';

/**
 * A component that is loaded when it is first shown. One that cannot be had (no connection, or a release that has other
 * names for its files) or that fails says so in its place and offers another try; the rest of the page stays as it is.
 *
 * @param load brings the component; asked again at every try
 */
export function lazyComponent<Props extends object>(
  load: () => Promise<Component<Props>>,
  place: Place,
): Component<Props> {
  let known: Component<Props> | undefined;
  let failures = 0;

  const Arriving = (props: Props): JSX.Element => {
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
        return place === 'nowhere' ? null : <Missing place={place} again={again} onRetry={reset} />;
      }}
    >
      {createComponent(Arriving, props)}
    </ErrorBoundary>
  );
}

/** Shown by its style alone, so that the page can be used; modal only where an open dialog would keep everybody from it. */
const openAbove = (dialog: HTMLDialogElement) =>
  queueMicrotask(() => document.querySelector('dialog[open]') && dialog.showModal());

/** Asked for in vain once more although the server is there, the page is of another release: a new one has what it needs. */
function Missing(props: { place: Place; again: boolean; onRetry: () => void }) {
  const { t } = useI18n();
  const away = !navigator.onLine || isServerGone();
  const anew = props.again && !away;
  const page = props.place === 'page';
  const problem = (
    <ErrorNotice
      page={page}
      title={t('app.missing')}
      error={new ApiError(away ? 'offline' : 'unknown')}
      action={t(anew ? 'app.reload' : 'app.retry')}
      onAction={() => (anew ? location.reload() : props.onRetry())}
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
