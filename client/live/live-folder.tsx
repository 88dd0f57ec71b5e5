import { useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, on, onCleanup, Show } from 'solid-js';
import { useSession } from '../auth/session-gate.tsx';
import { BrowseDictionary, useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { useLibrary } from '../library/library-context.tsx';
import { createFolderNews } from './folder-news.model.ts';
import { createFolderUse } from './folder-use.ts';
import { pendingNews } from './pending-news.ts';
import './live-folder.css';

/** Brings the list on screen up to date, and shows a button for the new items that wait. */
export function LiveFolder() {
  const library = useLibrary();
  const { user } = useSession();
  const params = useParams();
  const viewed = () => params['id'] ?? null;
  const { selection } = library;
  const news = createFolderNews({
    client: useQueryClient(),
    q: library.q,
    items: library.items,
    use: createFolderUse({ selecting: selection.active, viewed }),
    pending: pendingNews,
    isOwnUpload: ({ owner }) =>
      owner.id === user().id && document.documentElement.hasAttribute('data-sending'),
    isHidden: () => document.hidden,
    isLoaded: () => !library.list().isPending && !library.list().isPlaceholderData,
  });
  document.addEventListener('visibilitychange', news.request);
  onCleanup(() => document.removeEventListener('visibilitychange', news.request));

  // Another list would take the place of one whose items are selected.
  const isOffered = createMemo(
    () =>
      news.waiting().length > 0 &&
      viewed() === null &&
      !library.trash() &&
      !(news.isMany() && selection.active()),
  );
  const show = async () => {
    window.scrollTo({ top: 0, behavior: 'instant' });
    await news.show();
    // The button is gone. The focus goes on to the first tile, once it is there.
    setTimeout(() => requestAnimationFrame(() => library.requestFocus(library.q())));
  };
  return (
    <BrowseDictionary>
      <NewsButton news={news} isOffered={isOffered()} own={user().id} onPress={() => void show()} />
    </BrowseDictionary>
  );
}

function NewsButton(props: {
  news: Pick<ReturnType<typeof createFolderNews>, 'waiting' | 'isMany'>;
  isOffered: boolean;
  /** Id of the user who looks. */
  own: string;
  onPress: () => void;
}) {
  const t = useBrowseDictionary();
  const label = createMemo(() => {
    const items = props.news.waiting();
    const count = items.length;
    if (props.news.isMany()) return t('live.many', { count });
    const owners = new Map(items.map(({ owner }) => [owner.id, owner.username]));
    if (owners.size > 1) return t('live.people', { count, people: owners.size });
    const [[id, name] = ['', '']] = owners;
    return id === props.own ? t('live.own', { count }) : t('live.person', { count, name });
  });
  /** Read aloud once, although the number changes. */
  const announced = createMemo(
    on(
      () => props.isOffered,
      (isOffered) => (isOffered ? label() : ''),
    ),
  );
  return (
    <>
      <p class="unseen" role="status">
        {announced()}
      </p>
      <Show when={props.isOffered}>
        <button type="button" class="button primary live-news" onClick={() => props.onPress()}>
          {label()}
        </button>
      </Show>
    </>
  );
}
