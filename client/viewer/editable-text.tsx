import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createUniqueId, on, onCleanup, onMount, Show, type JSX } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useSession } from '../auth/session-gate.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { createDraft } from './draft.model.ts';
import { editItem, type EditableTexts } from '../library/item.queries.ts';
import './editable-text.css';

interface EditableTextProps {
  item: MediaItem;
  field: EditableTexts;
  label: string;
  hint?: string;
  /** Maximum length, in UTF-16 units. */
  maxlength: number;
  lines: number;
  /** First content of the field if there is no text yet. */
  proposal?: string;
  /** Content while not editing. `begin` starts editing; `ref` receives the edit button. */
  children: (begin: () => void, ref: (button: HTMLButtonElement) => void) => JSX.Element;
}

/** A text that turns into a field. It belongs to one item: render it keyed by the item's id. */
export function EditableText(props: EditableTextProps) {
  const client = useQueryClient();
  const { user } = useSession();
  const { id } = props.item;
  const key = ['draft', id, props.field];
  // Stores drafts in the query cache, because signing in as another user clears it.
  client.setQueryDefaults(['draft'], { gcTime: Infinity });
  const store = {
    get: () => client.getQueryData<string>(key),
    set: (value: string | undefined) =>
      value === undefined ? client.removeQueries({ queryKey: key }) : client.setQueryData(key, value),
  };
  const draft = createDraft(
    store,
    () => props.item[props.field],
    (value) => editItem(client, id, { [props.field]: value }),
  );
  let button: HTMLButtonElement | undefined;
  const begin = () => draft.begin(props.proposal);

  createEffect(on(user, () => void draft.resume(), { defer: true }));
  createEffect(() => {
    if (!draft.dirty()) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    onCleanup(() => window.removeEventListener('beforeunload', warn));
  });
  createEffect(
    on(
      draft.editing,
      (editing) => {
        if (!editing) button?.focus();
      },
      { defer: true },
    ),
  );

  return (
    <Show when={draft.editing()} fallback={props.children(begin, (element) => (button = element))}>
      <DraftForm
        draft={draft}
        label={props.label}
        hint={props.hint}
        maxlength={props.maxlength}
        lines={props.lines}
      />
    </Show>
  );
}

interface DraftFormProps {
  draft: ReturnType<typeof createDraft>;
  label: string;
  hint: string | undefined;
  maxlength: number;
  lines: number;
}

/** Enter saves a single line, Ctrl+Enter several lines; Escape cancels. */
function DraftForm(props: DraftFormProps) {
  const { t, errorText } = useI18n();
  const tMedia = useMediaDictionary();
  const draft = () => props.draft;
  const id = createUniqueId();
  let field!: HTMLInputElement | HTMLTextAreaElement;
  onMount(() => {
    field.focus();
    if (props.lines === 1) field.select();
  });

  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.isComposing) draft().giveUp();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void draft().submit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <form
      class="edit field"
      on:keydown={onKey}
      onSubmit={(event) => {
        event.preventDefault();
        void draft().submit();
      }}
    >
      <label for={id}>{props.label}</label>
      <Show
        when={props.lines > 1}
        fallback={
          <input
            ref={(element) => (field = element)}
            id={id}
            maxlength={props.maxlength}
            enterkeyhint="done"
            value={draft().value()}
            onInput={(event) => draft().type(event.currentTarget.value)}
            aria-describedby={`${id}-about`}
          />
        }
      >
        <textarea
          ref={(element) => (field = element)}
          id={id}
          rows={props.lines}
          maxlength={props.maxlength}
          value={draft().value()}
          onInput={(event) => draft().type(event.currentTarget.value)}
          aria-describedby={`${id}-about`}
        />
      </Show>
      <div id={`${id}-about`}>
        <Show when={props.hint}>{(hint) => <p class="faint">{hint()}</p>}</Show>
        <Show when={draft().changed() !== null}>
          <div class="edit-changed" role="status">
            <p>{tMedia('edit.changed')}</p>
            <blockquote>{draft().changed() || tMedia('edit.emptied')}</blockquote>
          </div>
        </Show>
        <p class="field-problem" role="alert">
          <Show when={draft().error()}>{(error) => <>{errorText(error().code)}</>}</Show>
        </p>
      </div>
      <div class="edit-buttons">
        <button type="submit" class="button primary" disabled={draft().busy()}>
          {draft().busy() ? tMedia('edit.saving') : t('app.save')}
        </button>
        <button type="button" class="button" onClick={() => draft().giveUp()}>
          {t('app.cancel')}
        </button>
      </div>
    </form>
  );
}
