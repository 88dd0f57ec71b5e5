import { Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { formatBytes } from '../i18n/format-bytes.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { TagEditor } from '../tags/tag-editor.tsx';
import { Icon } from '../ui/icon.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { EditableText } from './editable-text.tsx';
import { ProcessingStatus } from './processing-status.tsx';
import { TextSection } from './text-section.tsx';
import { MAX_DESCRIPTION_UNITS, MAX_TITLE_UNITS } from '../../app/media/media.limits.ts';
import './details.css';

const AlikeSection = lazyComponent(
  () => import('./alike-section.tsx').then((m) => m.AlikeSection),
  'nowhere',
);
/** Loads after the details, and shows nothing offline. */
const ItemCollections = lazyComponent(
  () => import('../collections/item-collections.tsx').then((m) => m.ItemCollections),
  'nowhere',
);

interface DetailsProps {
  item: MediaItem;
  label: string;
  headingId: string;
  /** Whether only list data is loaded, which lacks the text. */
  textLoading: boolean;
}

/** Details of an item: name, uploader, date, tags and text, all editable. */
export function Details(props: DetailsProps) {
  const i18n = useI18n();
  const t = useMediaDictionary();

  return (
    <>
      <EditableText
        item={props.item}
        field="title"
        label={t('edit.titleField')}
        hint={t('media.title.hint')}
        proposal={props.item.originalName.startsWith(props.label) ? props.label : ''}
        maxlength={MAX_TITLE_UNITS}
        lines={1}
      >
        {(begin, ref) => (
          <div class="details-head">
            <h2 id={props.headingId} classList={{ unnamed: props.item.title === '' }}>
              {props.label}
            </h2>
            <button
              ref={ref}
              type="button"
              class="button icon-only"
              aria-label={t('edit.title')}
              onClick={begin}
            >
              <Icon name="edit" />
            </button>
          </div>
        )}
      </EditableText>
      <p class="faint details-facts">
        <span>{t('media.addedBy', { name: props.item.owner.username })}</span>{' '}
        <span>
          <time datetime={props.item.createdAt} title={i18n.moment(props.item.createdAt)}>
            {i18n.age(props.item.createdAt)}
          </time>
        </span>{' '}
        <span>
          {i18n.number(props.item.width)} × {i18n.number(props.item.height)}
        </span>{' '}
        <span>{formatBytes(i18n.language(), props.item.byteSize)}</span>
      </p>
      <EditableText
        item={props.item}
        field="description"
        label={t('edit.descriptionField')}
        maxlength={MAX_DESCRIPTION_UNITS}
        lines={4}
      >
        {(begin, ref) => (
          <Show
            when={props.item.description}
            fallback={
              <button ref={ref} type="button" class="button details-add" onClick={begin}>
                <Icon name="add" />
                {t('edit.addDescription')}
              </button>
            }
          >
            {(text) => (
              <div class="details-written">
                <p class="details-description">{text()}</p>
                <button
                  ref={ref}
                  type="button"
                  class="button icon-only"
                  aria-label={t('edit.description')}
                  onClick={begin}
                >
                  <Icon name="edit" />
                </button>
              </div>
            )}
          </Show>
        )}
      </EditableText>
      <TagEditor item={props.item} />
      <Show when={props.item.deletedAt === null}>
        <ItemCollections id={props.item.id} />
      </Show>
      <ProcessingStatus item={props.item} />
      <TextSection item={props.item} headingId={`${props.headingId}-text`} loading={props.textLoading} />
      <Show when={props.item.deletedAt === null}>
        <AlikeSection item={props.item} loading={props.textLoading} />
      </Show>
    </>
  );
}
