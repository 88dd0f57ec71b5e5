import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import type { Collection } from '../../app/collections/collections.schema.ts';
import { useQuery } from '../api/query-observer.ts';
import { isOwnerOrAdmin } from '../auth/ownership.ts';
import { useSession } from '../auth/session-gate.tsx';
import { CollectionsDictionary, useCollectionsDictionary } from '../i18n/dictionaries.tsx';
import { ConfirmDialog } from '../trash/confirm-dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { CollectionForm } from './collection-form.tsx';
import { useCollectionOrder } from './collection-order.ts';
import { collectionPath } from './collection-path.ts';
import { deleteCollection, editCollection, namedCollectionQuery } from './collections.queries.ts';
import './collections.css';

const ShareDialog = lazyComponent(
  () => import('../shares/share-dialog.tsx').then((m) => m.ShareDialog),
  'over',
);

/** The head of a collection over its items: description, owner, and what the user may change. */
export function CollectionBar(props: { name: string }) {
  const found = useQuery(() => namedCollectionQuery(props.name));
  return (
    <CollectionsDictionary>
      <Show when={found.data}>{(collection) => <Bar collection={collection()} />}</Show>
    </CollectionsDictionary>
  );
}

function Bar(props: { collection: Collection }) {
  const t = useCollectionsDictionary();
  const client = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const { user } = useSession();
  const [open, setOpen] = createSignal<'share' | 'edit' | 'delete' | null>(null);
  const mine = () => isOwnerOrAdmin(user(), props.collection);
  const orders = () => mine() && props.collection.sort === 'hand';

  return (
    <section class="collection-bar" aria-label={props.collection.name}>
      <div class="collection-words">
        <h2>{props.collection.name}</h2>
        <Show when={props.collection.description}>{(text) => <p>{text()}</p>}</Show>
        <p class="faint">
          {t('collections.of', { name: props.collection.owner.username })} ·{' '}
          {t('collections.items', { count: props.collection.items })}
        </p>
        <Show when={orders() && props.collection.items > 1}>
          <Order collection={props.collection} />
        </Show>
      </div>
      <div class="collection-actions">
        <button type="button" class="button" onClick={() => setOpen('share')}>
          <Icon name="share" />
          {t('collections.share')}
        </button>
        <Show when={mine()}>
          <button type="button" class="button" onClick={() => setOpen('edit')}>
            <Icon name="edit" />
            {t('collections.edit')}
          </button>
          <button type="button" class="button danger" onClick={() => setOpen('delete')}>
            <Icon name="trash" />
            {t('collections.delete')}
          </button>
        </Show>
      </div>
      <Show when={open() === 'share'}>
        <ShareDialog
          items={[]}
          collection={props.collection.id}
          name={props.collection.name}
          onClose={() => setOpen(null)}
        />
      </Show>
      <Show when={open() === 'edit'}>
        <CollectionForm
          title={t('collections.edit')}
          collection={props.collection}
          onSave={async (values) => {
            const { name } = await editCollection(client, props.collection.id, values);
            navigate(collectionPath(name), { replace: true });
          }}
          onClose={() => setOpen(null)}
        />
      </Show>
      <Show when={open() === 'delete'}>
        <ConfirmDialog
          title={t('collections.deleteTitle', { name: props.collection.name })}
          text={t('collections.deleteText')}
          confirm={t('collections.delete')}
          onConfirm={async () => {
            const { id, name } = props.collection;
            await deleteCollection(client, id);
            toasts.show(t('collections.deleted', { name }));
            navigate('/collections');
          }}
          onClose={() => setOpen(null)}
        />
      </Show>
    </section>
  );
}

/** Lets the owner and admins order the items, and announces each move. */
function Order(props: { collection: Collection }) {
  const t = useCollectionsDictionary();
  const [said, setSaid] = createSignal('');
  useCollectionOrder(() => props.collection, setSaid);
  return (
    <>
      <p class="faint collection-hint">{t('collections.byHand')}</p>
      <p class="unseen" role="status">
        {said()}
      </p>
    </>
  );
}
