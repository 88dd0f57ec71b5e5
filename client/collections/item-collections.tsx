import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import type { Collection } from '../../app/collections/collections.schema.ts';
import { useQuery } from '../api/query-observer.ts';
import { CollectionsDictionary, useCollectionsDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { CollectDialog } from './collect-dialog.tsx';
import { collectionPath } from './collection-path.ts';
import { collectionsOfItemQuery, removeFromCollection } from './collections.queries.ts';
import '../tags/tag-editor.css';

/** The collections that an item is in: each links to its items and can be left. */
export function ItemCollections(props: { id: string }) {
  return (
    <CollectionsDictionary>
      <Content id={props.id} />
    </CollectionsDictionary>
  );
}

function Content(props: { id: string }) {
  const t = useCollectionsDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const report = useErrorReport();
  const [adding, setAdding] = createSignal(false);
  const found = useQuery(() => collectionsOfItemQuery(props.id));
  const remove = async ({ id, name }: Collection) => {
    const { count, undo } = await removeFromCollection(client, id, [props.id]);
    if (count === 0) toasts.show(t('collect.notYours'), { tone: 'problem' });
    else
      toasts.show(t('collect.removed', { count, name }), {
        action: { label: t('collect.undo'), run: () => void undo().catch(report) },
      });
  };

  return (
    <section class="tags" aria-label={t('collect.label')}>
      <For each={found.isSuccess ? found.data.collections : []}>
        {(collection) => (
          <span class="tag tag-set">
            <a href={collectionPath(collection.name)}>{collection.name}</a>
            <button
              type="button"
              aria-label={t('collect.removeFrom', { name: collection.name })}
              onClick={() => void remove(collection).catch(report)}
            >
              <Icon name="close" />
            </button>
          </span>
        )}
      </For>
      <button type="button" class="tag tag-idea" onClick={() => setAdding(true)}>
        + {t('collect.add')}
      </button>
      <Show when={adding()}>
        <CollectDialog ids={[props.id]} onClose={() => setAdding(false)} />
      </Show>
    </section>
  );
}
