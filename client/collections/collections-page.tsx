import { useNavigate } from '@solidjs/router';
import { InfiniteQueryObserver, useQueryClient } from '@tanstack/solid-query';
import { createSignal, createUniqueId, For, Show } from 'solid-js';
import type { Collection } from '../../app/collections/collections.schema.ts';
import { createObserverSignal } from '../api/query-observer.ts';
import { CollectionsDictionary, PeopleDictionary, useCollectionsDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { Page } from '../ui/page.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { CollectionForm } from './collection-form.tsx';
import { collectionPath } from './collection-path.ts';
import { collectionsQuery, createCollection } from './collections.queries.ts';
import './collections.css';

/** Lists all collections with their covers, and makes new ones. */
export function CollectionsPage() {
  return (
    <PeopleDictionary>
      <CollectionsDictionary>
        <Content />
      </CollectionsDictionary>
    </PeopleDictionary>
  );
}

function Content() {
  const i18n = useI18n();
  const t = useCollectionsDictionary();
  const client = useQueryClient();
  const navigate = useNavigate();
  const id = createUniqueId();
  const [typed, setTyped] = createSignal('');
  const [adding, setAdding] = createSignal(false);
  const options = () => collectionsQuery(typed().trim());
  const list = createObserverSignal(new InfiniteQueryObserver(client, options()), options);

  return (
    <Page title={t('collect.label')}>
      <div class="collections-head">
        <div class="field">
          <label for={id}>{t('collections.find')}</label>
          <input
            id={id}
            type="search"
            maxlength="60"
            autocomplete="off"
            value={typed()}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <button type="button" class="button primary" onClick={() => setAdding(true)}>
          <Icon name="add" />
          {t('collections.new')}
        </button>
      </div>
      <QueryBoundary query={list()}>
        {(found) => (
          <Show
            when={(found().pages[0]?.collections.length ?? 0) > 0}
            fallback={<p class="faint">{t(typed().trim() ? 'collections.noneSuch' : 'collections.none')}</p>}
          >
            <ul class="collections">
              <For each={found().pages.flatMap(({ collections }) => collections)}>
                {(collection) => <CollectionCard collection={collection} />}
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
      <Show when={adding()}>
        <CollectionForm
          title={t('collections.new')}
          onSave={async (values) => {
            const made = await createCollection(client, values);
            navigate(collectionPath(made.name));
          }}
          onClose={() => setAdding(false)}
        />
      </Show>
      <span class="unseen" role="status">
        {list().isFetching ? i18n.t('app.loading') : ''}
      </span>
    </Page>
  );
}

/** A collection as a link: its cover of up to four pictures, its name and its number of items. */
function CollectionCard(props: { collection: Collection }) {
  const t = useCollectionsDictionary();
  return (
    <li>
      <a class="collection-card" href={collectionPath(props.collection.name)}>
        <span class="collection-cover" data-count={props.collection.covers.length}>
          <For each={props.collection.covers}>
            {(cover) => (
              <Show when={cover.thumbUrl} fallback={<span />}>
                {(address) => <img src={address()} alt="" loading="lazy" decoding="async" />}
              </Show>
            )}
          </For>
        </span>
        <span class="collection-name">{props.collection.name}</span>
        <span class="faint">{t('collections.items', { count: props.collection.items })}</span>
      </a>
    </li>
  );
}
