import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, createUniqueId, onMount, Show } from 'solid-js';
import { useQuery } from '../api/query-observer.ts';
import { CollectionsDictionary, useCollectionsDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { ComboboxList } from '../ui/combobox-list.tsx';
import { createCombobox } from '../ui/combobox.model.ts';
import { Dialog } from '../ui/dialog.tsx';
import { createForm } from '../ui/form.model.ts';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import {
  collectItems,
  collectionIdeasQuery,
  createCollection,
  namedCollectionQuery,
} from './collections.queries.ts';
import '../tags/tag-field.css';
import './collections.css';

/** Maximum number of suggested collections: as many as fit above a phone's keyboard. */
const MAX_IDEAS = 6;
/** Maximum length of a typed name, in UTF-16 units. */
const MAX_TYPED_UNITS = 120;

interface CollectDialogProps {
  ids: readonly string[];
  onClose: () => void;
}

/** Adds items to a collection, which may be a new one. */
export function CollectDialog(props: CollectDialogProps) {
  return (
    <CollectionsDictionary>
      <Content ids={props.ids} onClose={() => props.onClose()} />
    </CollectionsDictionary>
  );
}

/** A collection that is there, or (`id: null`) one that is to be made. */
interface Idea {
  id: string | null;
  name: string;
  items: number;
}

function Content(props: CollectDialogProps) {
  const i18n = useI18n();
  const t = useCollectionsDictionary();
  const client = useQueryClient();
  const toasts = useToasts();
  const report = useErrorReport();
  const id = createUniqueId();
  const ids = [...props.ids];
  const [typed, setTyped] = createSignal('');
  const [open, setOpen] = createSignal(true);
  let input!: HTMLInputElement;
  onMount(() => input.focus());

  const known = useQuery(() => ({
    ...collectionIdeasQuery(typed().trim(), MAX_IDEAS),
    placeholderData: (before) => before,
  }));
  const ideas = createMemo((): readonly Idea[] => {
    if (!open()) return [];
    const found: Idea[] = known.data?.collections ?? [];
    const name = typed().trim();
    const isNew = name !== '' && !found.some((idea) => alike(idea.name, name));
    return isNew ? [...found, { id: null, name, items: 0 }] : found;
  });

  const form = createForm(['name'], async () => {
    const name = typed().trim();
    if (name === '') return;
    // The server tells which names are one. The suggestions may not have arrived yet.
    const there = await client.fetchQuery({ ...namedCollectionQuery(name), staleTime: 0 });
    await collect(there ?? { id: null, name, items: 0 });
  });
  const collect = async (idea: Idea) => {
    const target = idea.id === null ? await createCollection(client, { name: idea.name }) : idea;
    const { added, undo } = await collectItems(client, target.id ?? '', ids);
    const { name } = target;
    if (added.length === 0) toasts.show(t('collect.known', { name }));
    else
      toasts.show(t('collect.done', { count: added.length, name }), {
        action: { label: t('collect.undo'), run: () => void undo().catch(report) },
      });
    props.onClose();
  };
  const combobox = createCombobox({
    listId: `${id}-list`,
    options: ideas,
    keyOf: (idea) => idea.id ?? 'new',
    onChoose: (idea) => {
      setTyped(idea.name);
      void form.submit();
    },
    onClose: () => setOpen(false),
  });

  return (
    <Dialog class="sheet collect-dialog" labelledBy={`${id}-title`} onClose={() => props.onClose()}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit().then((wrong) => wrong && input.focus());
        }}
      >
        <h2 id={`${id}-title`}>{t('collect.title', { count: ids.length })}</h2>
        <div class="field">
          <label for={id}>{t('collect.field')}</label>
          <div class="tag-field">
            <input
              ref={input}
              id={id}
              role="combobox"
              aria-autocomplete="list"
              aria-expanded={combobox.expanded()}
              aria-controls={`${id}-list`}
              aria-activedescendant={combobox.activeId()}
              aria-describedby={`${id}-hint ${id}-problem`}
              aria-invalid={form.problem('name') !== null || form.problem(null) !== null}
              required
              maxlength={MAX_TYPED_UNITS}
              autocomplete="off"
              enterkeyhint="done"
              value={typed()}
              onFocus={() => setOpen(true)}
              onClick={() => setOpen(true)}
              onInput={(event) => {
                setOpen(true);
                combobox.reset();
                setTyped(event.currentTarget.value);
              }}
              // Comes before the dialog around, which closes on Escape.
              on:keydown={(event) => {
                if (event.isComposing) return;
                if (event.key.startsWith('Arrow') && !open()) setOpen(true);
                // Suggestions that nobody asked for do not hold up Escape.
                if (event.key === 'Escape' && typed() === '' && combobox.active() < 0) setOpen(false);
                if (!combobox.key(event.key)) return;
                event.preventDefault();
                event.stopPropagation();
              }}
            />
            <ComboboxList combobox={combobox} label={i18n.t('search.suggestions')} class="tag-options">
              {(idea) => (
                <Show
                  when={idea.id !== null}
                  fallback={<span>{t('collect.create', { name: idea.name })}</span>}
                >
                  <span>{idea.name}</span> <span class="faint">{i18n.number(idea.items)}</span>
                </Show>
              )}
            </ComboboxList>
          </div>
          <p id={`${id}-hint`} class="faint">
            {t('collect.hint')}
          </p>
          <p id={`${id}-problem`} class="field-problem" role="alert">
            <Show when={form.problem('name') ?? form.problem(null)}>
              {(problem) => <>{i18n.errorText(problem().code)}</>}
            </Show>
          </p>
        </div>
        <div class="sheet-actions">
          <button type="button" class="button" onClick={() => props.onClose()}>
            {i18n.t('app.cancel')}
          </button>
          <button type="submit" class="button primary" disabled={form.busy()}>
            {t('collect.add')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Whether two names are those of one collection, as far as the page can tell. */
const alike = (one: string, other: string) => plain(one) === plain(other);
const plain = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s-]+/g, ' ');
