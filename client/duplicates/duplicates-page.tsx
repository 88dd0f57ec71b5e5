import { InfiniteQueryObserver, useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js';
import type { DuplicateGroup, DuplicateList } from '../../app/media/duplicates/duplicates.schema.ts';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { createObserverSignal } from '../api/query-observer.ts';
import { isOwnerOrAdmin } from '../auth/ownership.ts';
import { useSession } from '../auth/session-gate.tsx';
import { CollectionsDictionary, PeopleDictionary, useCollectionsDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { boundedCount } from '../library/bounded-count.ts';
import { itemFigures } from '../library/item-figures.ts';
import { itemName } from '../library/item-name.ts';
import { itemPath } from '../library/paths.ts';
import { Page } from '../ui/page.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { duplicatesQuery, mergeItems, mergeOf, wishMerge, type WantedMerge } from './duplicates.queries.ts';
import { MergeDialog } from './merge-dialog.tsx';
import './duplicates.css';

/** Lists groups of items that are the same meme, and merges them. */
export function DuplicatesPage() {
  return (
    <PeopleDictionary>
      <CollectionsDictionary>
        <Content />
      </CollectionsDictionary>
    </PeopleDictionary>
  );
}

const groupsOf = (pages: readonly DuplicateList[]) => pages.flatMap(({ groups }) => groups);

function Content() {
  const i18n = useI18n();
  const t = useCollectionsDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const report = useErrorReport();
  const { user } = useSession();
  const [asked, setAsked] = createSignal<readonly WantedMerge[]>([]);
  const list = createObserverSignal(
    new InfiniteQueryObserver(client, duplicatesQuery),
    () => duplicatesQuery,
  );
  const may = (item: MediaListItem) => isOwnerOrAdmin(user(), item);
  const all = createMemo(() =>
    groupsOf(list().data?.pages ?? []).flatMap((group) => mergeOf(group, may) ?? []),
  );

  /** Merges one group after the other. A group that changed meanwhile stops it, and is shown. */
  async function mergeAll(merges: readonly WantedMerge[]): Promise<void> {
    const undos: (() => Promise<void>)[] = [];
    let count = 0;
    try {
      for (const each of merges) {
        undos.push((await mergeItems(client, each)).undo);
        count += each.items.length;
      }
    } finally {
      if (count > 0)
        toasts.show(t('duplicates.done', { count }), {
          action: {
            label: t('collect.undo'),
            run: () => void inTurn(undos.toReversed()).catch(report),
          },
        });
    }
  }

  return (
    <Page title={t('duplicates.title')}>
      <p>{t('duplicates.lead')}</p>
      <Show when={all().length > 1}>
        <button type="button" class="button" onClick={() => setAsked(all())}>
          {t('duplicates.mergeAll', { count: all().length })}
        </button>
      </Show>
      <QueryBoundary query={list()}>
        {(found) => (
          <Show
            when={groupsOf(found().pages).length > 0}
            fallback={<p class="faint">{t('duplicates.none')}</p>}
          >
            <ul class="duplicate-groups">
              <For each={groupsOf(found().pages)}>
                {(group) => (
                  <Group
                    group={group}
                    may={may}
                    onMerge={(wanted) => setAsked([wanted])}
                    onWish={(wanted, wished) => void wishMerge(client, wanted, wished).catch(report)}
                  />
                )}
              </For>
            </ul>
            <Show when={list().hasNextPage}>
              <button type="button" class="button quiet" onClick={() => void list().fetchNextPage()}>
                {t('collections.more')}
              </button>
            </Show>
          </Show>
        )}
      </QueryBoundary>
      <Show when={asked().length > 0}>
        <MergeDialog merges={asked()} onConfirm={() => mergeAll(asked())} onClose={() => setAsked([])} />
      </Show>
      <span class="unseen" role="status">
        {list().isLoading || list().isFetchingNextPage ? i18n.t('app.loading') : ''}
      </span>
    </Page>
  );
}

/** Runs one after the other. */
async function inTurn(works: readonly (() => Promise<void>)[]): Promise<void> {
  for (const work of works) await work();
}

function Group(props: {
  group: DuplicateGroup;
  may: (item: MediaListItem) => boolean;
  onMerge: (wanted: WantedMerge) => void;
  onWish: (wanted: WantedMerge, wished: boolean) => void;
}) {
  const i18n = useI18n();
  const t = useCollectionsDictionary();
  const headingId = createUniqueId();
  const name = () => {
    const [first] = props.group.items;
    return first ? itemName(first.item, i18n) : '';
  };
  const mine = () => mergeOf(props.group, props.may);
  const wished = () => new Set(props.group.items.filter(({ wish }) => wish).map(({ item }) => item.id));
  const others = () => mergeOf(props.group, (item) => !props.may(item) && !wished().has(item.id));

  return (
    <li>
      <section aria-labelledby={headingId}>
        <h2 id={headingId}>
          {name()} <span class="faint">{boundedCount(props.group.total, i18n)}</span>
        </h2>
        <ul class="duplicate-items">
          <For each={props.group.items}>
            {({ item, wish }, at) => (
              <li>
                <a href={itemPath(item.id, '')} noScroll={true}>
                  <Show when={item.thumbUrl ?? item.posterUrl}>
                    {(thumb) => <img src={thumb()} alt="" loading="lazy" decoding="async" />}
                  </Show>
                  <span>{itemName(item, i18n)}</span>
                </a>
                <p class="faint">{itemFigures(item, i18n)}</p>
                <p class="faint">{t('duplicates.by', { name: item.owner.username })}</p>
                <Show when={at() === 0}>
                  <p>{t('duplicates.best')}</p>
                </Show>
                <Show when={wish}>{(by) => <p>{t('duplicates.wish', { name: by().username })}</p>}</Show>
                <Show when={at() > 0 && props.may(item) && props.group.items.length > 2}>
                  <button
                    type="button"
                    class="button quiet"
                    aria-label={t('duplicates.mergeOne', { name: itemName(item, i18n) })}
                    onClick={() => {
                      const wanted = mergeOf(props.group, (one) => one.id === item.id);
                      if (wanted) props.onMerge(wanted);
                    }}
                  >
                    {t('duplicates.merge')}
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
        <Show when={mine()}>
          {(wanted) => (
            <button
              type="button"
              class="button primary"
              aria-label={t('duplicates.mergeGroup', { name: name() })}
              onClick={() => props.onMerge(wanted())}
            >
              {t('duplicates.merge')}
            </button>
          )}
        </Show>
        <Show when={others()}>
          {(wanted) => (
            <button
              type="button"
              class="button"
              aria-label={t('duplicates.proposeGroup', { name: name() })}
              onClick={() => props.onWish(wanted(), true)}
            >
              {t('duplicates.propose')}
            </button>
          )}
        </Show>
      </section>
    </li>
  );
}
