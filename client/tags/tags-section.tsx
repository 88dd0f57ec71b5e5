import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, createUniqueId, For, Match, onMount, Show, Switch } from 'solid-js';
import type { TagWithUses } from '../../app/tags/tags.schema.ts';
import { libraryPath } from '../library/paths.ts';
import { BrowseDictionary, useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { createForm } from '../ui/form.model.ts';
import { Section } from '../ui/page.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { TagField } from './tag-field.tsx';
import { TagList } from './tag-list.tsx';
import { deleteTag, mergeTag, renameTag } from './tags.queries.ts';

/** Maximum number of rows shown; typing finds the others. */
const MAX_ROWS_SHOWN = 50;

type Change = 'rename' | 'merge' | 'delete';

/** Admin section that lists tags with their use counts and renames, merges or deletes them. */
export function TagsSection() {
  return (
    <BrowseDictionary>
      <Tags />
    </BrowseDictionary>
  );
}

function Tags() {
  const t = useBrowseDictionary();
  const [open, setOpen] = createSignal<{ tag: string; change: Change } | null>(null);
  const openOf = (tag: string) => {
    const now = open();
    return now?.tag === tag ? now.change : null;
  };

  return (
    <Section title={t('tags.heading')}>
      <TagList limit={MAX_ROWS_SHOWN} findsUnused>
        {(tags) => (
          <ul class="rows">
            <For each={tags()}>
              {(tag) => (
                <Row
                  tag={tag}
                  change={openOf(tag.name)}
                  onOpen={(change) => setOpen(change && { tag: tag.name, change })}
                />
              )}
            </For>
          </ul>
        )}
      </TagList>
    </Section>
  );
}

function Row(props: { tag: TagWithUses; change: Change | null; onOpen: (change: Change | null) => void }) {
  const t = useBrowseDictionary();
  const name = () => props.tag.name;
  const toggle = (change: Change) => props.onOpen(props.change === change ? null : change);
  return (
    <li>
      <div class="row-words">
        <a class="row-name" href={libraryPath(`tag:${name()}`)}>
          #{name()}
        </a>
        <p class="faint">{t('tags.pictures', { count: props.tag.uses })}</p>
      </div>
      <div class="row-actions">
        <button
          type="button"
          class="button quiet"
          aria-expanded={props.change === 'rename'}
          aria-label={t('tags.renameNamed', { tag: name() })}
          onClick={() => toggle('rename')}
        >
          {t('tags.rename')}
        </button>
        <button
          type="button"
          class="button quiet"
          aria-expanded={props.change === 'merge'}
          aria-label={t('tags.mergeNamed', { tag: name() })}
          onClick={() => toggle('merge')}
        >
          {t('tags.merge')}
        </button>
        <button
          type="button"
          class="button danger"
          aria-expanded={props.change === 'delete'}
          aria-label={t('tags.deleteNamed', { tag: name() })}
          onClick={() => toggle('delete')}
        >
          {t('tags.delete')}
        </button>
      </div>
      <Show when={props.change} keyed>
        {(change) => (
          <ChangeForm
            tag={props.tag}
            change={change}
            onMerge={() => props.onOpen('merge')}
            onClose={() => props.onOpen(null)}
          />
        )}
      </Show>
    </li>
  );
}

function ChangeForm(props: { tag: TagWithUses; change: Change; onMerge: () => void; onClose: () => void }) {
  const { t, errorText } = useI18n();
  const tBrowse = useBrowseDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const id = createUniqueId();
  const tag = props.tag.name;
  const { change } = props;
  const [name, setName] = createSignal(change === 'rename' ? tag : '');
  let first: HTMLElement | undefined;
  onMount(() => first?.focus());

  const form = createForm(['name', 'into'], async () => {
    if (change === 'delete') {
      await deleteTag(client, tag);
      toasts.show(tBrowse('tags.deleted', { tag }));
    } else {
      const done = await (change === 'rename' ? renameTag : mergeTag)(client, tag, name());
      toasts.show(tBrowse(change === 'rename' ? 'tags.renamed' : 'tags.merged', { tag, name: done.name }));
    }
    props.onClose();
  });
  const problem = () => form.problem('name') ?? form.problem('into') ?? form.problem(null);

  return (
    <form
      class="tag-change"
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onClose();
      }}
    >
      <Show
        when={change !== 'delete'}
        fallback={<p>{tBrowse('tags.delete.sure', { tag, count: props.tag.uses })}</p>}
      >
        <div class="field">
          <label for={id}>
            {tBrowse(change === 'rename' ? 'tags.rename.to' : 'tags.merge.into', { tag })}
          </label>
          <TagField
            ref={(input) => {
              first = input;
            }}
            id={id}
            required
            value={name()}
            without={change === 'merge' ? [tag] : []}
            suggests={change === 'merge'}
            describedBy={`${id}-problem`}
            invalid={problem() !== null}
            onInput={setName}
            onChoose={setName}
          />
        </div>
      </Show>
      <button
        ref={(button) => {
          first ??= button;
        }}
        type="submit"
        class="button"
        classList={{ primary: change !== 'delete', danger: change === 'delete' }}
        disabled={form.busy()}
      >
        {tBrowse(`tags.${change}`)}
      </button>
      <button type="button" class="button" onClick={() => props.onClose()}>
        {t('app.cancel')}
      </button>
      <p id={`${id}-problem`} class="field-problem" role="alert">
        <Switch>
          <Match when={problem()?.code === 'tag_taken'}>
            {tBrowse('tags.taken', { name: name() })}{' '}
            <button type="button" class="button quiet" onClick={() => props.onMerge()}>
              {tBrowse('tags.merge')}
            </button>
          </Match>
          <Match when={problem()}>{(wrong) => <>{errorText(wrong().code)}</>}</Match>
        </Switch>
      </p>
    </form>
  );
}
