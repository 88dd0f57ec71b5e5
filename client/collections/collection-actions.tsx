import { useQueryClient } from '@tanstack/solid-query';
import { Show } from 'solid-js';
import type { Collection } from '../../app/collections/collections.schema.ts';
import { useQuery } from '../api/query-observer.ts';
import { isOwnerOrAdmin } from '../auth/ownership.ts';
import { useSession } from '../auth/session-gate.tsx';
import { CollectionsDictionary, useCollectionsDictionary } from '../i18n/dictionaries.tsx';
import { useLibrary } from '../library/library-context.tsx';
import { Icon } from '../ui/icon.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { createCollectionOrder } from './collection-order.ts';
import { namedCollectionQuery, removeFromCollection } from './collections.queries.ts';

/** The actions on selected items that the list of a collection adds to the selection bar. */
export function CollectionActions(props: { name: string }) {
  const found = useQuery(() => namedCollectionQuery(props.name));
  return (
    <CollectionsDictionary>
      <Show when={found.data}>{(collection) => <Actions collection={collection()} />}</Show>
    </CollectionsDictionary>
  );
}

function Actions(props: { collection: Collection }) {
  const t = useCollectionsDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const report = useErrorReport();
  const { user } = useSession();
  const { selection } = useLibrary();
  const order = createCollectionOrder(
    () => props.collection,
    (text) => toasts.show(text),
  );
  const mine = () => isOwnerOrAdmin(user(), props.collection);
  const remove = async () => {
    const { id, name } = props.collection;
    const { count, undo } = await removeFromCollection(client, id, selection.ids());
    if (count === 0) {
      toasts.show(t('collect.notYours'), { tone: 'problem' });
      return;
    }
    selection.clear();
    toasts.show(t('collect.removed', { count, name }), {
      action: { label: t('collect.undo'), run: () => void undo().catch(report) },
    });
  };

  return (
    <>
      <Show when={mine() && props.collection.sort === 'hand'}>
        <button
          type="button"
          class="button icon-only"
          aria-label={t('collections.earlier')}
          title={t('collections.earlier')}
          onClick={() => order.step(selection.ids(), -1)}
        >
          <Icon name="left" />
        </button>
        <button
          type="button"
          class="button icon-only"
          aria-label={t('collections.later')}
          title={t('collections.later')}
          onClick={() => order.step(selection.ids(), 1)}
        >
          <Icon name="right" />
        </button>
      </Show>
      <button type="button" class="button" onClick={() => void remove().catch(report)}>
        <Icon name="minus" />
        {t('collect.remove')}
      </button>
    </>
  );
}
