import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createUniqueId, For, onMount, Show } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { tagItems } from '../library/bulk-actions.ts';
import { useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { createForm } from '../ui/form.model.ts';
import { Icon } from '../ui/icon.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import './tag-dialog.css';
import { createTagging } from './tagging.model.ts';
import { TagField } from './tag-field.tsx';

/** Adds and removes tags of many items in one step. */
export function TagDialog(props: { items: readonly MediaListItem[]; onClose: () => void }) {
  const { t, errorText } = useI18n();
  const tBrowse = useBrowseDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const report = useErrorReport();
  const id = createUniqueId();
  const tagging = createTagging(() => props.items);
  let input!: HTMLInputElement;
  onMount(() => input.focus());

  /** Tags that all the items have or get. */
  const taken = createMemo(() => [
    ...tagging.added(),
    ...tagging.there().flatMap(({ name, count }) => (count === props.items.length ? name : [])),
  ]);

  const form = createForm(['add'], async () => {
    const { add, remove } = tagging.changes();
    const items = [...props.items];
    if (add.length + remove.length > 0) {
      const undo = await tagItems(client, items, add, remove);
      toasts.show(tBrowse('tagging.done', { count: items.length }), {
        action: { label: tBrowse('select.undo'), run: () => void undo().catch(report) },
      });
    }
    props.onClose();
  });

  return (
    <Dialog class="sheet tag-dialog" labelledBy={`${id}-title`} onClose={() => props.onClose()}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit().then((wrong) => wrong && input.focus());
        }}
      >
        <h2 id={`${id}-title`}>{tBrowse('tagging.title', { count: props.items.length })}</h2>
        <div class="field">
          <label for={id}>{tBrowse('tagging.add')}</label>
          <TagField
            ref={(element) => (input = element)}
            id={id}
            describedBy={`${id}-hint ${id}-problem`}
            invalid={form.problem('add') !== null || form.problem(null) !== null}
            value={tagging.typed()}
            without={taken()}
            eager
            onInput={(text) => tagging.type(text)}
            onChoose={(name) => tagging.add(name)}
            onKey={(event) => {
              if (event.key === 'Enter' && tagging.take()) event.preventDefault();
              const last = tagging.added().at(-1);
              if (event.key === 'Backspace' && tagging.typed() === '' && last) tagging.drop(last);
            }}
          />
          <p id={`${id}-hint`} class="faint">
            {tBrowse('tagging.add.hint')}
          </p>
          <p id={`${id}-problem`} class="field-problem" role="alert">
            <Show when={form.problem('add') ?? form.problem(null)}>
              {(problem) => <>{errorText(problem().code)}</>}
            </Show>
          </p>
        </div>
        <Show when={tagging.added().length > 0}>
          <div>
            <h3>{tBrowse('tagging.new')}</h3>
            <div class="tag-choices">
              <For each={tagging.added()}>
                {(tag) => (
                  <button
                    type="button"
                    class="tag-choice new"
                    aria-label={tBrowse('tagging.drop', { tag })}
                    onClick={() => tagging.drop(tag)}
                  >
                    {tag}
                    <Icon name="close" />
                  </button>
                )}
              </For>
            </div>
          </div>
        </Show>
        <Show when={tagging.there().length > 0}>
          <div>
            <h3>{tBrowse('tagging.there')}</h3>
            <div class="tag-choices">
              <For each={tagging.there()}>
                {(tag) => (
                  <button
                    type="button"
                    class="tag-choice"
                    aria-pressed={tagging.removes(tag.name)}
                    aria-label={tBrowse('tagging.remove', { tag: tag.name, count: tag.count })}
                    onClick={() => tagging.toggle(tag.name)}
                  >
                    {tag.name}
                    <span class="faint">{tag.count}</span>
                    <Icon name="close" />
                  </button>
                )}
              </For>
            </div>
          </div>
        </Show>
        <div class="sheet-actions">
          <button type="button" class="button" onClick={() => props.onClose()}>
            {t('app.cancel')}
          </button>
          <button type="submit" class="button primary" disabled={form.busy()}>
            {t('app.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
