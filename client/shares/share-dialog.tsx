import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, createUniqueId, For, Match, onCleanup, Show, Switch } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import type { Share } from '../../app/shares/shares.schema.ts';
import { isOwnerOrAdmin } from '../auth/ownership.ts';
import { useSession } from '../auth/session-gate.tsx';
import { toApiError } from '../api/errors.ts';
import { useQuery } from '../api/query-observer.ts';
import { SharingDictionary, useSharingDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { createCopying } from './copying.ts';
import { ShareOptions } from './share-options.tsx';
import { ShareRow } from './share-row.tsx';
import {
  collectionSharesQuery,
  createShare,
  itemSharesQuery,
  shareCollection,
  syncSharesWithTabs,
  withoutIdleEnd,
  type ShareChoice,
} from './shares.queries.ts';
import '../ui/page.css';
import './shares.css';

interface ShareDialogProps {
  /** 1 to 100 items; several share one page. None with a collection. */
  items: readonly Pick<MediaItem, 'id' | 'owner'>[];
  /** Id of a collection: the page shows what it has at any time. */
  collection?: string;
  /** Name of the item, if there is one, or of the collection. */
  name: string;
  onClose: () => void;
}

/**
 * Dialog that creates share links of items or of a collection. It lists the links of a single item
 * or a collection.
 */
export function ShareDialog(props: ShareDialogProps) {
  return (
    <SharingDictionary>
      <Sharing {...props} />
    </SharingDictionary>
  );
}

function Sharing(props: ShareDialogProps) {
  const { t: tCommon, date, errorText, loadErrors } = useI18n();
  const t = useSharingDictionary();
  const client = useQueryClient();
  const heading = createUniqueId();
  const links = createUniqueId();
  const { user } = useSession();
  /** The user's choices; `null`: the addresses of files end with their only share. */
  const [chosen, setChosen] = createSignal<Omit<ShareChoice, 'endFileAddress'> & { end: boolean | null }>({
    expires: 'never',
    showSharer: false,
    end: null,
  });
  const [busy, setBusy] = createSignal(false);
  const [said, setSaid] = createSignal('');
  /** Codes of the shares that this dialog created. */
  const [created, setCreated] = createSignal<readonly string[]>([]);
  const copying = createCopying((text) => setSaid(text));
  onCleanup(syncSharesWithTabs(client));
  let submit!: HTMLButtonElement;

  const isSingle = () => props.items.length === 1 || props.collection !== undefined;
  const known = useQuery(() =>
    props.collection === undefined
      ? itemSharesQuery(props.items[0]?.id ?? '')
      : collectionSharesQuery(props.collection),
  );
  const shown = () =>
    (known.data?.shares ?? []).filter(
      ({ code, state }) => state === 'live' && (isSingle() || created().includes(code)),
    );

  const mayEnd = () =>
    props.collection === undefined && props.items.every((item) => isOwnerOrAdmin(user(), item));
  const choice = (): ShareChoice => {
    const { expires, showSharer, end } = chosen();
    const isOnly = !(known.data?.shares ?? []).some(({ state }) => state === 'live');
    return { expires, showSharer, endFileAddress: mayEnd() && (end ?? isOnly) };
  };
  const choose = (next: ShareChoice) => {
    const { expires, showSharer, endFileAddress } = next;
    const changed = endFileAddress !== choice().endFileAddress;
    setChosen((before) => ({ expires, showSharer, end: changed ? endFileAddress : before.end }));
  };
  const create = async () => {
    setBusy(true);
    setSaid('');
    const wanted = withoutIdleEnd(choice());
    const share =
      props.collection === undefined
        ? createShare(
            client,
            props.items.map(({ id }) => id),
            wanted,
          )
        : shareCollection(client, props.collection, wanted);
    // Also lists a link that the browser refuses to copy. The copying says why there is none.
    const listed = share.then(
      ({ code }) => setCreated((codes) => [...codes, code]),
      () => null,
    );
    await Promise.all([copying.url(share.then(({ url }) => url)), listed]).finally(() => setBusy(false));
  };

  /** Names a link among those of the dialog by what else it shows, else by its date. */
  const linkName = (share: Share) => {
    if (props.collection === undefined && share.collection) return share.collection.name;
    return props.collection === undefined && share.itemCount > 1
      ? t('share.pictures', { count: share.itemCount })
      : t('share.created', { date: date(share.createdAt) });
  };

  return (
    <Dialog class="sheet share-dialog" labelledBy={heading} onClose={() => props.onClose()}>
      <header class="share-head">
        <h2 id={heading}>
          {isSingle()
            ? t('share.title', { name: props.name })
            : t('share.titleMany', { count: props.items.length })}
        </h2>
        <button
          type="button"
          class="button icon-only"
          aria-label={tCommon('app.close')}
          onClick={() => props.onClose()}
        >
          <Icon name="close" />
        </button>
      </header>
      <form
        class="share-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy()) void create();
        }}
      >
        <Show when={props.collection !== undefined}>
          <p class="faint">{t('share.collectionHint')}</p>
        </Show>
        <ShareOptions value={choice()} onChange={choose} mayEndFileAddress={mayEnd()} />
        <button ref={submit} type="submit" class="button primary" aria-disabled={busy()}>
          {t('share.create')}
        </button>
        <p class="share-said" role="status">
          {said()}
        </p>
      </form>
      <Switch>
        <Match when={known.isError}>
          <p class="field-problem">
            {t('share.failed')}. {errorText(toApiError(known.error).code)}
          </p>
        </Match>
        <Match when={shown().length > 0}>
          <section aria-labelledby={links}>
            <h3 id={links}>{t(props.collection === undefined ? 'share.links' : 'share.collectionLinks')}</h3>
            <ul class="rows">
              <For each={shown()}>
                {(share) => (
                  <ShareRow
                    share={share}
                    showOwner={share.sharedBy.id !== user().id}
                    revokesOnly={!isOwnerOrAdmin(user(), { owner: share.sharedBy })}
                    name={linkName(share)}
                    onSaid={setSaid}
                    onFailed={(thrown) =>
                      void loadErrors().then(() => setSaid(errorText(toApiError(thrown).code)))
                    }
                    onGone={() => submit.focus()}
                  />
                )}
              </For>
            </ul>
          </section>
        </Match>
      </Switch>
    </Dialog>
  );
}
