import { createSignal, createUniqueId, Show, type JSX } from 'solid-js';
import type { TagWithUses } from '../../app/tags/tags.schema.ts';
import { useQuery } from '../api/query-observer.ts';
import { useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { QueryBoundary } from '../ui/query-boundary.tsx';
import { allTagsQuery } from './tags.queries.ts';

interface TagListProps {
  /** Maximum number of tags shown; typing finds the others. */
  limit: number;
  /** Whether typing also finds tags of no item. */
  findsUnused?: boolean;
  children: (tags: () => readonly TagWithUses[]) => JSX.Element;
}

/** Lists the library's tags with a field that filters them. */
export function TagList(props: TagListProps) {
  const t = useBrowseDictionary();
  const id = createUniqueId();
  const [typed, setTyped] = createSignal('');
  const tags = useQuery(() =>
    allTagsQuery(typed().trim(), props.limit, props.findsUnused === true && typed().trim() !== ''),
  );

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
