import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, createUniqueId, For, Match, onCleanup, Switch } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
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
  createShare,
  itemSharesQuery,
  syncSharesWithTabs,
  withoutIdleEnd,
  type ShareChoice,
} from './shares.queries.ts';
import '../ui/page.css';
import './shares.css';

interface ShareDialogProps {
  /** 1 to 100 items; several share one page. */
  items: readonly Pick<MediaItem, 'id' | 'owner'>[];
  /** Name of the item, if there is one. */
  name: string;
  onClose: () => void;
}

/** Dialog that creates share links of items, and lists the user's links of a single item. */
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

  const isSingle = () => props.items.length === 1;
  const known = useQuery(() => itemSharesQuery(props.items[0]?.id ?? ''));
  const shown = () =>
    (known.data?.shares ?? []).filter(
      ({ code, state }) => state === 'live' && (isSingle() || created().includes(code)),
    );

  const mayEnd = () => props.items.every((item) => isOwnerOrAdmin(user(), item));
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
    const share = createShare(
      client,
      props.items.map(({ id }) => id),
      withoutIdleEnd(choice()),
    );
    // Also lists a link that the browser refuses to copy. The copying says why there is none.
    const listed = share.then(
      ({ code }) => setCreated((codes) => [...codes, code]),
      () => null,
    );
    await Promise.all([copying.url(share.then(({ url }) => url)), listed]).finally(() => setBusy(false));
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
            <h3 id={links}>{t('share.links')}</h3>
            <ul class="rows">
              <For each={shown()}>
                {(share) => (
                  <ShareRow
                    share={share}
                    name={
                      share.itemCount > 1
                        ? t('share.pictures', { count: share.itemCount })
                        : t('share.created', { date: date(share.createdAt) })
                    }
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
