import type { RouteSectionProps } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, createSignal, Match, onCleanup, Show, Switch } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useSession } from '../auth/session-gate.tsx';
import { toApiError } from '../api/errors.ts';
import { useQuery } from '../api/query-observer.ts';
import { useI18n } from '../i18n/i18n.tsx';
import {
  loadMediaDictionary,
  loadSharingDictionary,
  MediaDictionary,
  SharingDictionary,
  useMediaDictionary,
} from '../i18n/dictionaries.tsx';
import type { Language } from '../i18n/language.ts';
import { readSetting, saveSetting } from '../lib/local-storage.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { isTyping } from '../ui/shortcuts.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { Actions } from './actions.tsx';
import { createDeferred } from './deferred-item.ts';
import { deleteItem } from '../library/delete-item.ts';
import { Details } from './details.tsx';
import { VideoPlayer } from './video-player.tsx';
import { itemName } from '../library/item-name.ts';
import { cachedItem, itemQuery } from '../library/item.queries.ts';
import { useProcessing } from '../library/processing-provider.tsx';
import { SectionBoundary } from './section-boundary.tsx';
import { createReplacement, ReplacementStatus } from './replace-file.tsx';
import { ZoomableImage } from './zoomable-image.tsx';
import { TrashBanner } from './trash-banner.tsx';
import { createNavigation } from './navigation.ts';
import type { Gesture } from './zoom.model.ts';
import './viewer.css';

/** Loads the viewer's messages before they are needed. */
export const loadTexts = (language: Language) =>
  Promise.all([loadMediaDictionary(language), loadSharingDictionary(language)]);

const HEADING_ID = 'viewer-heading';
/** Id of the dialog's name, also while the heading is a field. */
const NAME_ID = 'viewer-name';

/**
 * One item above the library, at its own URL (`/m/:id`). Arrow keys and swipes navigate the list
 * behind it.
 */
export function Viewer(props: RouteSectionProps) {
  return (
    <MediaDictionary>
      <SharingDictionary>
        <ViewerDialog route={props} />
      </SharingDictionary>
    </MediaDictionary>
  );
}

function ViewerDialog(props: { route: RouteSectionProps }) {
  const i18n = useI18n();
  const tMedia = useMediaDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const report = useErrorReport();
  const { user } = useSession();
  const poller = useProcessing();
  const replacement = createReplacement();
  let dialog: HTMLDialogElement | undefined;

  const id = () => props.route.params['id'] ?? '';
  const navigation = createNavigation(() => props.route.location.state, id);
  const query = useQuery(() => itemQuery(client, id()));
  const isProcessing = createMemo(() => query.data?.state === 'processing');
  createEffect(() => {
    if (isProcessing()) onCleanup(poller.watch(id(), true));
  });
  /** Offline, shows the data known from the list. */
  const item = createMemo((): MediaItem | undefined => {
    if (query.data) return query.data;
    return query.isError && !isGone(query.error) ? cachedItem(client, id()) : undefined;
  });
  const label = () => {
    const now = item();
    return now ? itemName(now, i18n) : '';
  };
  const deferred = createDeferred(item);
  const textLoading = createMemo(
    (before: boolean) => (deferred.isBehind() ? before : query.isPlaceholderData || query.isError),
    false,
  );
  const mine = () => user().role === 'admin' || user().id === item()?.owner.id;

  const titleBefore = document.title;
  onCleanup(() => {
    document.title = titleBefore;
  });
  createEffect(() => {
    if (label()) document.title = `${label()} · meemikansio`;
  });

  const remove = (target: MediaItem) => {
    const name = label();
    // Shows the neighbour first: the item leaves the list.
    if (!navigation.go(1) && !navigation.go(-1)) navigation.close();
    // The button now belongs to the neighbour: a second press must not delete that too.
    else dialog?.focus();
    const { done, undo } = deleteItem(client, target);
    const toast = toasts.show(tMedia('media.deleted', { name }), {
      action: {
        label: tMedia('media.undo'),
        run: () => void undo().then(() => toasts.show(tMedia('media.restored', { name })), report),
      },
    });
    done.catch((thrown: unknown) => {
      toasts.dismiss(toast);
      report(thrown);
    });
  };

  /** Whether the details are folded away, also for the next item and visit. */
  const [folded, setFolded] = createSignal(readSetting('details') === 'folded');
  const fold = () => {
    setFolded((now) => !now);
    saveSetting('details', folded() ? 'folded' : null);
  };

  const removeByKey = () => {
    const target = item();
    if (!target || target.deletedAt !== null) return;
    if (mine()) remove(target);
    else toasts.show(i18n.errorText('not_allowed'), { tone: 'problem' });
  };

  const onGesture = (gesture: Gesture) => {
    if (gesture === 'close') navigation.close();
    else if (gesture !== 'none') navigation.go(gesture === 'next' ? 1 : -1);
  };
  const onKey = (event: KeyboardEvent) => {
    // Leaves keys to a dialog above and to a zoomed image.
    if (isTyping(event) || event.defaultPrevented || document.querySelectorAll('dialog[open]').length > 1)
      return;
    if (event.key === 'ArrowRight') navigation.go(1);
    else if (event.key === 'ArrowLeft') navigation.go(-1);
    else if (event.key === 'Delete') removeByKey();
    else if (event.key === 'i') fold();
    else return;
    event.preventDefault();
  };
  document.addEventListener('keydown', onKey);
  onCleanup(() => document.removeEventListener('keydown', onKey));

  /** Announces navigation to screen readers. */
  const where = () => {
    if (!item()) return query.isError ? tMedia('media.gone') : i18n.t('app.loading');
    const place = navigation.place();
    return place ? `${label()}, ${tMedia('view.place', place)}` : label();
  };

  return (
    <Dialog
      ref={(element) => (dialog = element)}
      class="viewer"
      labelledBy={NAME_ID}
      focusSelf
      folded={folded() && !item()?.deletedAt}
      onClose={navigation.close}
    >
      <button
        type="button"
        class="button icon-only viewer-fold"
        aria-label={tMedia('view.details')}
        aria-expanded={!folded()}
        aria-keyshortcuts="i"
        onClick={fold}
      >
        <Icon name="info" />
      </button>
      <button
        type="button"
        class="button icon-only viewer-close"
        aria-label={i18n.t('app.close')}
        onClick={navigation.close}
      >
        <Icon name="close" />
      </button>
      <p id={NAME_ID} class="unseen" role="status">
        {where()}
      </p>
      <Switch>
        <Match when={item()}>
          {(shown) => (
            <>
              <div class="viewer-main">
                <Show when={shown().id} keyed>
                  {(_id) => (
                    <SectionBoundary>
                      <Show
                        when={shown().kind === 'video'}
                        fallback={<ZoomableImage item={shown()} label={label()} onGesture={onGesture} />}
                      >
                        <VideoPlayer item={shown()} label={label()} />
                      </Show>
                    </SectionBoundary>
                  )}
                </Show>
                <Show when={navigation.previous()}>
                  <button
                    type="button"
                    class="button icon-only viewer-step previous"
                    aria-label={tMedia('media.previous')}
                    aria-keyshortcuts="ArrowLeft"
                    onClick={() => navigation.go(-1)}
                  >
                    <Icon name="left" />
                  </button>
                </Show>
                <Show when={navigation.next()}>
                  <button
                    type="button"
                    class="button icon-only viewer-step next"
                    aria-label={tMedia('media.next')}
                    aria-keyshortcuts="ArrowRight"
                    onClick={() => navigation.go(1)}
                  >
                    <Icon name="right" />
                  </button>
                </Show>
              </div>
              <div class="viewer-side">
                <div class="details" inert={deferred.isBehind()}>
                  <TrashBanner item={shown()} mine={mine()} onPurged={navigation.close} />
                  <ReplacementStatus id={shown().id} replacement={replacement} onShow={navigation.show} />
                  <Show when={deferred.item()}>
                    {(known) => (
                      <Show when={known().id} keyed>
                        {(_id) => (
                          <SectionBoundary>
                            <Details
                              item={known()}
                              label={itemName(known(), i18n)}
                              headingId={HEADING_ID}
                              textLoading={textLoading()}
                            />
                          </SectionBoundary>
                        )}
                      </Show>
                    )}
                  </Show>
                </div>
                <Actions
                  item={shown()}
                  label={label()}
                  mine={mine()}
                  onDelete={() => remove(shown())}
                  onReplace={(file) => void replacement.start(shown().id, file)}
                />
              </div>
            </>
          )}
        </Match>
        <Match when={query.isError}>
          <div class="viewer-gone">
            <ErrorNotice
              title={isGone(query.error) ? tMedia('media.gone') : i18n.t('browse.failed')}
              error={query.error}
              action={i18n.t(isGone(query.error) ? 'app.toFolder' : 'app.retry')}
              onAction={() => (isGone(query.error) ? navigation.close() : void query.refetch())}
            />
          </div>
        </Match>
      </Switch>
    </Dialog>
  );
}

/** Whether the item is deleted or the URL unknown. */
const isGone = (error: unknown) =>
  ['not_found', 'invalid_request', 'invalid_field'].includes(toApiError(error).code);
