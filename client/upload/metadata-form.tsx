import { createSignal, createUniqueId, For, onMount, Show } from 'solid-js';
import { useQuery } from '../api/query-observer.ts';
import { useUploadDictionary } from '../i18n/dictionaries.tsx';
import { tagsQuery } from '../tags/tags.queries.ts';
import { Icon } from '../ui/icon.tsx';
import { EMPTY_METADATA, addTags } from './metadata.ts';
import type { Upload } from './upload.model.ts';
import { useUploads } from './uploads.context.ts';
import { MAX_TITLE_UNITS } from '../../app/media/media.limits.ts';

/**
 * Form for the title and tags of one upload, or of all, in place of the list. Uploads continue
 * meanwhile; a finished item is updated afterwards.
 *
 * @param props.upload the upload; without one, all uploads that still accept metadata
 */
export function MetadataForm(props: { upload: Upload | undefined; count: number; onClose: () => void }) {
  const t = useUploadDictionary();
  const model = useUploads();
  const id = createUniqueId();
  // Typed text stays even if the upload leaves the list.
  const start = props.upload?.metadata() ?? EMPTY_METADATA;
  const [title, setTitle] = createSignal(start.title);
  const [tags, setTags] = createSignal(start.tags);
  const [typed, setTyped] = createSignal('');
  const word = () => typed().trim();
  const known = useQuery(() => ({ ...tagsQuery(word()), enabled: word() !== '' }));
  const ideas = () => {
    const found = word() !== '' && known.isSuccess ? known.data.tags.map(({ name }) => name) : [];
    return found.filter((name) => !tags().includes(name)).slice(0, 4);
  };
  let field!: HTMLInputElement;
  let tagField!: HTMLInputElement;
  onMount(() => field.focus());

  const add = (text: string) => {
    setTags((now) => addTags(now, text));
    setTyped('');
  };
  const save = () => {
    const metadata = { title: title().trim(), tags: addTags(tags(), typed()) };
    if (props.upload) model.setMetadata(props.upload.id, metadata);
    else model.setMetadataForAll(metadata);
    props.onClose();
  };
  const onTagKey = (event: KeyboardEvent) => {
    if ((event.key === 'Enter' && word() !== '') || event.key === ',') {
      event.preventDefault();
      add(typed());
    } else if (event.key === 'Backspace' && typed() === '') setTags((now) => now.slice(0, -1));
  };

  return (
    <form
      class="tray-metadata"
      aria-label={t('tray.note.heading')}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      on:keydown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        props.onClose();
      }}
    >
      <p class="tray-metadata-head">
        <button
          type="button"
          class="button icon-only"
          aria-label={t('tray.note.back')}
          onClick={() => props.onClose()}
        >
          <Icon name="left" />
        </button>
        <strong>{props.upload?.file.name ?? t('tray.note.forAll', { count: props.count })}</strong>
      </p>
      <div class="field">
        <label for={`${id}-title`}>{t('tray.note.title')}</label>
        <input
          ref={field}
          id={`${id}-title`}
          maxlength={MAX_TITLE_UNITS}
          placeholder={t('tray.note.title.hint')}
          value={title()}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for={`${id}-tags`}>{t('tray.note.tags')}</label>
        <div class="tray-tags" onClick={(event) => event.target === event.currentTarget && tagField.focus()}>
          <For each={tags()}>
            {(tag) => (
              <button
                type="button"
                class="tag"
                aria-label={t('tray.note.tags.remove', { tag })}
                onClick={() => {
                  setTags((now) => now.filter((other) => other !== tag));
                  tagField.focus();
                }}
              >
                {tag}
                <Icon name="close" />
              </button>
            )}
          </For>
          <input
            ref={tagField}
            id={`${id}-tags`}
            maxlength="60"
            autocapitalize="none"
            enterkeyhint="done"
            aria-describedby={`${id}-hint`}
            value={typed()}
            onInput={(event) => {
              const { value } = event.currentTarget;
              // Parses commas in the value, because phone keyboards send no key events and pasted
              // lists contain commas.
              if (value.includes(',')) add(value);
              else setTyped(value);
            }}
            onKeyDown={onTagKey}
          />
        </div>
        <Show
          when={ideas().length > 0}
          fallback={
            <p id={`${id}-hint`} class="faint">
              {t('tray.note.tags.hint')}
            </p>
          }
        >
          <p class="tray-ideas">
            <For each={ideas()}>
              {(name) => (
                <button
                  type="button"
                  class="tag tray-idea"
                  onClick={() => {
                    add(name);
                    tagField.focus();
                  }}
                >
                  + {name}
                </button>
              )}
            </For>
          </p>
        </Show>
      </div>
      <button type="submit" class="button primary">
        {t('tray.note.save')}
      </button>
    </form>
  );
}
