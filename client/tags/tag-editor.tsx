import { useQueryClient } from '@tanstack/solid-query';
import { useQuery } from '../api/query-observer.ts';
import { createSignal, For } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { tagItems } from '../library/bulk-actions.ts';
import { knownTags } from '../library/item.queries.ts';
import { libraryPath } from '../library/paths.ts';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import './tag-editor.css';
import { TagField } from './tag-field.tsx';
import { putTags, relatedTagsQuery } from './tags.queries.ts';

/** Edits an item's tags. Each tag links to its search and can be removed; the field adds tags. */
export function TagEditor(props: { item: MediaItem }) {
  const t = useMediaDictionary();
  const client = useQueryClient();
  const report = useErrorReport();
  const toasts = useToasts();
  const [typed, setTyped] = createSignal('');
  const [waiting, setWaiting] = createSignal(0);
  const related = useQuery(() => relatedTagsQuery(props.item.id, props.item.tags));

  /** Changes follow one another: each starts from the tags that the one before has left. */
  let last: Promise<unknown> = Promise.resolve();
  const change = (apply: (tags: readonly string[]) => string[]): Promise<boolean> => {
    const { id } = props.item;
    setWaiting((count) => count + 1);
    const done = last
      .then(() => putTags(client, id, apply(knownTags(client, id))))
      .then(
        () => true,
        (thrown: unknown) => {
          report(thrown);
          return false;
        },
      )
      .finally(() => setWaiting((count) => count - 1));
    last = done;
    return done;
  };
  const add = async (name: string) => {
    if (!name.trim()) return;
    setTyped('');
    // Gives the text back after a failure, unless another has been typed.
    if (!(await change((tags) => [...tags, name])) && typed() === '') setTyped(name);
  };
  const remove = async (tag: string) => {
    const { id } = props.item;
    if (!(await change((tags) => tags.filter((other) => other !== tag)))) return;
    toasts.show(t('tags.removed', { tag }), {
      action: {
        label: t('media.undo'),
        run: () => void tagItems(client, [{ id, tags: [] }], [tag], []).catch(report),
      },
    });
  };
  const searchFor = (tag: string) => libraryPath(`tag:${/\s/.test(tag) ? `"${tag}"` : tag}`);

  return (
    <section class="tags" aria-label={t('tags.label')} aria-busy={waiting() > 0}>
      <For each={props.item.tags}>
        {(tag) => (
          <span class="tag tag-set">
            <a href={searchFor(tag)}>{tag}</a>
            <button type="button" aria-label={t('tags.remove', { tag })} onClick={() => void remove(tag)}>
              <Icon name="close" />
            </button>
          </span>
        )}
      </For>
      <For each={related.isSuccess ? related.data.tags.slice(0, 4) : []}>
        {(tag) => (
          <button type="button" class="tag tag-idea" onClick={() => void add(tag.name)}>
            + {tag.name}
          </button>
        )}
      </For>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void add(typed());
        }}
      >
        <TagField
          class="tag-input"
          label={t('tags.add')}
          value={typed()}
          without={props.item.tags}
          onInput={setTyped}
          onChoose={(name) => void add(name)}
        />
      </form>
    </section>
  );
}
