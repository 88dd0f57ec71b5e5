import { useNavigate, type RouteSectionProps } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/observe.ts';
import { createEffect, createMemo, Match, onCleanup, Show, Switch } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useFolder } from '../browse/folder.tsx';
import { folderPath, itemPath } from '../browse/paths.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { isTyping } from '../ui/keys.ts';
import { Problem } from '../ui/problem.tsx';
import { useReport } from '../ui/report.ts';
import { useToasts } from '../ui/toasts.tsx';
import { toApiError } from '../api/errors.ts';
import { Actions } from './actions.tsx';
import { deleteMedia } from './deletion.ts';
import { Details } from './details.tsx';
import { labelOf } from './label.ts';
import { mediaQuery } from './media.queries.ts';
import { Film } from './film.tsx';
import { Stage } from './stage.tsx';
import type { Gesture } from './zoom.model.ts';
import './media-overlay.css';

const HEADING = 'overlay-heading';

/** One picture over the folder, at its own address (`/m/:id`); arrows and swipes walk through the list behind it. */
export function MediaOverlay(props: RouteSectionProps) {
  const i18n = useI18n();
  const client = useQueryClient();
  const navigate = useNavigate();
  const folder = useFolder();
  const toasts = useToasts();
  const report = useReport();

  const id = () => props.params['id'] ?? '';
  const query = useQuery(() => mediaQuery(client, id()));
  const item = createMemo((): MediaItem | undefined =>
    query.isPending || query.isError ? undefined : query.data,
  );
  const label = () => {
    const now = item();
    return now ? labelOf(now, i18n) : '';
  };

  const index = createMemo(() => folder.items().findIndex((other) => other.id === id()));
  const neighbour = (step: 1 | -1) => (index() === -1 ? undefined : folder.items()[index() + step]);

  // The next page comes before its first picture is asked for, and the neighbours before they are looked at.
  createEffect(() => {
    if (index() !== -1 && index() > folder.items().length - 5) folder.loadMore();
  });
  createEffect(() => {
    if (!item()) return;
    for (const near of [neighbour(1), neighbour(-1)])
      if (near && near.kind !== 'video') new Image().src = near.url;
  });
  const titleBefore = document.title;
  onCleanup(() => {
    document.title = titleBefore;
  });
  createEffect(() => {
    if (label()) document.title = `${label()} · meemikansio`;
  });

  const close = () => {
    if (Object(props.location.state)['fromFolder'] === true) navigate(-1);
    else navigate(folderPath(folder.q()), { scroll: false });
  };
  const go = (step: 1 | -1) => {
    const to = neighbour(step);
    if (to)
      navigate(itemPath(to.id, folder.q()), { replace: true, scroll: false, state: props.location.state });
  };

  const remove = (target: MediaItem) => {
    const name = label();
    const { done, undo } = deleteMedia(client, target);
    close();
    const toast = toasts.show(i18n.t('media.deleted', { name }), {
      action: {
        label: i18n.t('media.undo'),
        run: () => void undo().then(() => toasts.show(i18n.t('media.restored', { name })), report),
      },
    });
    done.catch((thrown: unknown) => {
      toasts.dismiss(toast);
      report(thrown);
    });
  };

  const onGesture = (gesture: Gesture) => {
    if (gesture === 'close') close();
    else if (gesture !== 'none') go(gesture === 'next' ? 1 : -1);
  };
  const onKey = (event: KeyboardEvent) => {
    // Another dialog above takes its keys itself, and so does a picture that is zoomed in.
    if (isTyping(event) || event.defaultPrevented || document.querySelectorAll('dialog[open]').length > 1)
      return;
    if (event.key === 'ArrowRight') go(1);
    else if (event.key === 'ArrowLeft') go(-1);
    else return;
    event.preventDefault();
  };
  document.addEventListener('keydown', onKey);
  onCleanup(() => document.removeEventListener('keydown', onKey));

  return (
    <Dialog class="overlay" labelledBy={HEADING} onClose={close}>
      <button
        type="button"
        class="button icon-only overlay-close"
        aria-label={i18n.t('app.close')}
        onClick={close}
      >
        <Icon name="close" />
      </button>
      <Switch>
        <Match when={item()}>
          {(shown) => (
            <>
              <div class="overlay-stage">
                <Show
                  when={shown().kind === 'video'}
                  fallback={<Stage item={shown()} label={label()} onGesture={onGesture} />}
                >
                  <Film item={shown()} label={label()} />
                </Show>
                <Show when={neighbour(-1)}>
                  <button
                    type="button"
                    class="button icon-only overlay-step previous"
                    aria-label={i18n.t('media.previous')}
                    onClick={() => go(-1)}
                  >
                    <Icon name="left" />
                  </button>
                </Show>
                <Show when={neighbour(1)}>
                  <button
                    type="button"
                    class="button icon-only overlay-step next"
                    aria-label={i18n.t('media.next')}
                    onClick={() => go(1)}
                  >
                    <Icon name="right" />
                  </button>
                </Show>
              </div>
              <div class="overlay-side">
                <Details
                  item={shown()}
                  label={label()}
                  headingId={HEADING}
                  textLoading={query.isPlaceholderData}
                />
                <Actions item={shown()} label={label()} onDelete={() => remove(shown())} />
              </div>
            </>
          )}
        </Match>
        <Match when={query.isError}>
          <div id={HEADING} class="overlay-gone">
            <Problem
              title={i18n.t(isGone(query.error) ? 'media.gone' : 'browse.failed')}
              error={query.error}
              action={i18n.t(isGone(query.error) ? 'app.toFolder' : 'app.retry')}
              onAction={() => (isGone(query.error) ? close() : void query.refetch())}
            />
          </div>
        </Match>
        <Match when={query.isPending}>
          <h2 id={HEADING} class="unseen">
            {i18n.t('app.loading')}
          </h2>
        </Match>
      </Switch>
    </Dialog>
  );
}

/** Deleted, or an address that never was one. */
const isGone = (error: unknown) =>
  ['not_found', 'invalid_request', 'invalid_field'].includes(toApiError(error).code);
