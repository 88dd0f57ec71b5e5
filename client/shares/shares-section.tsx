import { InfiniteQueryObserver, useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, onCleanup, Show } from 'solid-js';
import { createObserverSignal } from '../api/query-observer.ts';
import { SharingDictionary, useSharingDictionary } from '../i18n/dictionaries.tsx';
import { Section } from '../ui/page.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { ConfirmForm, ShareRow } from './share-row.tsx';
import { revokeShares, shareListQuery, syncSharesWithTabs, type ShareScope } from './shares.queries.ts';
import './shares.css';

/** Lists share links, the user's own or those of everyone, with buttons that end one or all. */
export function SharesSection(props: { scope: ShareScope }) {
  return (
    <SharingDictionary>
      <Shares scope={props.scope} />
    </SharingDictionary>
  );
}

function Shares(props: { scope: ShareScope }) {
  const t = useSharingDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const report = useErrorReport();
  const list = createObserverSignal(new InfiniteQueryObserver(client, shareListQuery(props.scope)), () =>
    shareListQuery(props.scope),
  );
  const [ending, setEnding] = createSignal(false);
  onCleanup(syncSharesWithTabs(client));

  const shares = () => (list().data?.pages ?? []).flatMap((page) => page.shares);
  const someLive = () => shares().some(({ state }) => state === 'live') || list().hasNextPage;
  const revokeAll = async () => {
    const count = await revokeShares(client, props.scope);
    setEnding(false);
    toasts.show(t('shares.revokeAllDone', { count }));
  };

  return (
    <Section title={t(props.scope === 'mine' ? 'shares.mine' : 'shares.all')}>
      <QueryBoundary query={list()}>
        {() => (
          <ul class="rows">
            <For each={shares()} fallback={<li class="faint">{t('shares.none')}</li>}>
              {(share) => (
                <ShareRow
                  share={share}
                  showItems
                  showOwner={props.scope === 'all'}
                  onSaid={(text) => toasts.show(text)}
                  onFailed={report}
                />
              )}
            </For>
          </ul>
        )}
      </QueryBoundary>
      <Show when={list().hasNextPage}>
        <button
          type="button"
          class="button quiet"
          disabled={list().isFetchingNextPage}
          onClick={() => void list().fetchNextPage()}
        >
          {t('shares.more')}
        </button>
      </Show>
      <Show when={someLive()}>
        <button
          type="button"
          class="button danger"
          aria-expanded={ending()}
          onClick={() => setEnding((now) => !now)}
        >
          {t('shares.revokeAll')}
        </button>
      </Show>
      <Show when={ending()}>
        <ConfirmForm label={t('shares.revokeAll')} onConfirm={revokeAll} onClose={() => setEnding(false)}>
          <p>{t(props.scope === 'mine' ? 'shares.revokeMineSure' : 'shares.revokeEveryoneSure')}</p>
        </ConfirmForm>
      </Show>
    </Section>
  );
}
