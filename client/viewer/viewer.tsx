import type { RouteSectionProps } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, createSignal, Match, onCleanup, Show, Switch } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { isOwnerOrAdmin } from '../auth/ownership.ts';
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
import { DeferredRender } from '../ui/deferred-render.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { isTyping } from '../ui/shortcuts.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { Actions } from './actions.tsx';
import { createDeferred } from './deferred-item.ts';
import { Details } from './details.tsx';
import { createDetailsState } from './details-state.ts';
import { createShownDeletion } from './shown-deletion.ts';
import { itemName } from '../library/item-name.ts';
import { cachedItem, itemQuery } from '../library/item.queries.ts';
import { useProcessing } from '../library/processing-provider.tsx';
import { createHeldKeys } from './held-keys.ts';
import { SectionBoundary } from './section-boundary.tsx';
import { createReplacement, ReplacementStatus } from './replace-file.tsx';
import { SheetHandle } from './sheet-handle.tsx';
import { ShownMedia } from './shown-media.tsx';
import { TrashBanner } from './trash-banner.tsx';
import { createNavigation } from './navigation.ts';
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
  const { user } = useSession();
  const poller = useProcessing();
  const replacement = createReplacement();
  const [dialog, setDialog] = createSignal<HTMLDialogElement>();

  const id = () => props.route.params['id'] ?? '';
  const navigation = createNavigation(() => props.route.location.state, id);
  const query = useQuery(() => itemQuery(client, id()));
  // An item that was merged into another one: the server answers with that one.
  createEffect(() => {
    if (!query.data) return;
    // Read by its key: the query may still have the item before.
    const shown = client.getQueryData(itemQuery(client, id()).queryKey)?.id;
    if (shown !== undefined && shown !== id()) navigation.showInstead(shown);
  });
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
  const mine = () => isOwnerOrAdmin(user(), item());

  const titleBefore = document.title;
  onCleanup(() => {
    document.title = titleBefore;
  });
  createEffect(() => {
    if (label()) document.title = `${label()} · meemikansio`;
  });

  const deletion = createShownDeletion({ navigation, label, onShown: () => dialog()?.focus() });
  const details = createDetailsState(
    dialog,
    () => item()?.deletedAt != null || replacement.sending()?.id === id(),
  );

  const removeByKey = () => {
    const target = item();
    if (!target || target.deletedAt !== null) return;
    if (mine()) deletion.remove(target);
    else toasts.show(i18n.errorText('not_allowed'), { tone: 'problem' });
  };

  const keepKey = createHeldKeys(() => item() !== undefined);
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || document.querySelectorAll('dialog[open]').length > 1 || keepKey(event))
      return;
    // Leaves keys to a field and to a zoomed image.
    if (isTyping(event)) return;
    if (event.key === 'ArrowRight') navigation.go(1);
    else if (event.key === 'ArrowLeft') navigation.go(-1);
    else if (event.key === 'Delete') removeByKey();
    else if (event.key === 'i') details.toggle();
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
    <Dialog ref={setDialog} class="viewer" labelledBy={NAME_ID} focusSelf onClose={navigation.close}>
      <button
        type="button"
        class="button icon-only viewer-fold"
        aria-label={tMedia('view.details')}
        aria-expanded={details.isOpen()}
        aria-keyshortcuts="i"
        onClick={() => details.toggle()}
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
              <ShownMedia item={shown()} label={label()} navigation={navigation} />
              <div class="viewer-side">
                <div class="viewer-sheet">
                  <SheetHandle sheet={details.sheet()} onChange={details.setSheet} />
                  <div class="details" inert={deferred.isBehind()}>
                    <TrashBanner item={shown()} mine={mine()} onPurged={navigation.close} />
                    <ReplacementStatus id={shown().id} replacement={replacement} onShow={navigation.show} />
                    <DeferredRender>
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
                    </DeferredRender>
                  </div>
                </div>
                <Actions
                  item={shown()}
                  label={label()}
                  mine={mine()}
                  onDelete={() => deletion.remove(shown())}
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
