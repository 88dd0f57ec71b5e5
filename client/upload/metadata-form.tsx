import { createSignal, createUniqueId, For, onMount } from 'solid-js';
import { useUploadDictionary } from '../i18n/dictionaries.tsx';
import { TagField } from '../tags/tag-field.tsx';
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
        <strong>{props.upload?.name ?? t('tray.note.forAll', { count: props.count })}</strong>
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
          <TagField
            ref={(input) => (tagField = input)}
            id={`${id}-tags`}
            describedBy={`${id}-hint`}
            value={typed()}
            without={tags()}
            // Parses commas in the value, because phone keyboards send no key events and pasted
            // lists contain commas.
            onInput={(text) => (text.includes(',') ? add(text) : setTyped(text))}
            onChoose={add}
            onKey={onTagKey}
          />
        </div>
        <p id={`${id}-hint`} class="faint">
          {t('tray.note.tags.hint')}
        </p>
      </div>
      <button type="submit" class="button primary">
        {t('tray.note.save')}
      </button>
    </form>
  );
}
