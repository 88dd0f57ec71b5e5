import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import { createSignal, For, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { libraryPath } from '../library/paths.ts';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import './tag-editor.css';
import { putTags, relatedTagsQuery, tagsQuery } from './tags.queries.ts';

/** Edits an item's tags. Each tag links to its search and can be removed; the field adds tags. */
export function TagEditor(props: { item: MediaItem }) {
  const t = useMediaDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const [typed, setTyped] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const listId = () => `tags-${props.item.id}`;
  const known = useQuery(() => ({ ...tagsQuery(typed().trim()), enabled: typed().trim() !== '' }));
  const related = useQuery(() => relatedTagsQuery(props.item.id, props.item.tags));

  const put = async (tags: string[]) => {
    if (busy()) return;
    setBusy(true);
    await putTags(client, props.item.id, tags)
      .then(() => setTyped(''))
      .catch(report);
    setBusy(false);
  };
  const add = (name: string) => {
    if (name.trim()) void put([...props.item.tags, name]);
  };
  const searchFor = (tag: string) => libraryPath(`tag:${tag}`);

  return (
    <section class="tags" aria-label={t('tags.label')} aria-busy={busy()}>
      <For each={props.item.tags}>
        {(tag) => (
          <span class="tag tag-set">
            <a href={searchFor(tag)}>{tag}</a>
            <button
              type="button"
              aria-label={t('tags.remove', { tag })}
              onClick={() => void put(props.item.tags.filter((other) => other !== tag))}
            >
              <Icon name="close" />
            </button>
          </span>
        )}
      </For>
      <For each={related.isSuccess ? related.data.tags.slice(0, 4) : []}>
        {(tag) => (
          <button type="button" class="tag tag-idea" onClick={() => add(tag.name)}>
            + {tag.name}
          </button>
        )}
      </For>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add(typed());
        }}
      >
        <input
          class="tag-input"
          list={listId()}
          maxlength="60"
          autocapitalize="none"
          aria-label={t('tags.add')}
          placeholder={t('tags.add')}
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
        <datalist id={listId()}>
          <Show when={known.isSuccess && known.data}>
            {(found) => (
              <For each={found().tags}>{(tag) => <option value={tag.name}>{tag.uses}</option>}</For>
            )}
          </Show>
        </datalist>
      </form>
    </section>
  );
}
