import { createSignal, createUniqueId, Show, type JSX } from 'solid-js';
import type { TagWithUses } from '../../app/tags/tags.schema.ts';
import { useQuery } from '../api/query-observer.ts';
import { useBrowseDictionary } from '../i18n/browse-dictionary.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { allTagsQuery } from './tags.queries.ts';

interface TagListProps {
  /** Most tags shown at once; the others are found by typing. */
  limit: number;
  children: (tags: () => readonly TagWithUses[]) => JSX.Element;
}

/** The tags of the folder, and the field that narrows them. */
export function TagList(props: TagListProps) {
  const t = useBrowseDictionary();
  const id = createUniqueId();
  const [typed, setTyped] = createSignal('');
  const tags = useQuery(() => allTagsQuery(typed().trim(), props.limit));

  return (
    <>
      <div class="field">
        <label for={id}>{t('tags.find')}</label>
        <input
          id={id}
          type="search"
          maxlength="60"
          autocomplete="off"
          autocapitalize="none"
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <QueryBoundary query={tags}>
        {(found) => (
          <Show
            when={found().tags.length > 0}
            fallback={<p class="faint">{t(typed().trim() ? 'tags.noneSuch' : 'tags.none')}</p>}
          >
            {props.children(() => found().tags)}
            <Show when={found().tags.length === props.limit}>
              <p class="faint">{t('tags.more')}</p>
            </Show>
          </Show>
        )}
      </QueryBoundary>
    </>
  );
}
