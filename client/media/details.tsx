import { createSignal, Match, Show, Switch } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { TagEditor } from '../tags/tag-editor.tsx';
import { EditForm } from './edit-form.tsx';

/** What is known of a picture, in words: its name, who brought it and when, and the text in it. */
export function Details(props: { item: MediaItem; label: string; headingId: string; textLoading: boolean }) {
  const i18n = useI18n();
  const [editing, setEditing] = createSignal(false);
  const textStage = () => props.item.stages.find(({ stage }) => stage === 'text')?.state;
  let edit: HTMLButtonElement | undefined;

  return (
    <div class="details">
      <Show
        when={!editing()}
        fallback={
          <>
            <h2 id={props.headingId} class="unseen">
              {props.label}
            </h2>
            <EditForm
              item={props.item}
              onClose={() => {
                setEditing(false);
                edit?.focus();
              }}
            />
          </>
        }
      >
        <div class="details-head">
          <h2 id={props.headingId}>{props.label}</h2>
          <button
            ref={edit}
            type="button"
            class="button icon-only"
            aria-label={i18n.t('media.edit')}
            onClick={() => setEditing(true)}
          >
            <Icon name="edit" />
          </button>
        </div>
        <Show when={props.item.description}>{(text) => <p class="details-description">{text()}</p>}</Show>
      </Show>
      <TagEditor item={props.item} />
      <p class="faint details-facts">
        <span>{i18n.t('media.addedBy', { name: props.item.owner.username })}</span>{' '}
        <span>
          <time datetime={props.item.createdAt} title={i18n.moment(props.item.createdAt)}>
            {i18n.age(props.item.createdAt)}
          </time>
        </span>{' '}
        <span>
          {i18n.number(props.item.width)} × {i18n.number(props.item.height)}
        </span>{' '}
        <span>{i18n.bytes(props.item.byteSize)}</span>
      </p>
      <section
        class="details-text"
        aria-labelledby={`${props.headingId}-text`}
        aria-busy={textStage() === 'pending'}
      >
        <h3 id={`${props.headingId}-text`}>{i18n.t('media.text')}</h3>
        <Switch fallback={<p class="faint">{i18n.t('media.text.none')}</p>}>
          <Match when={props.item.text}>{(text) => <p class="details-words">{text()}</p>}</Match>
          <Match when={textStage() === 'pending'}>
            <p class="faint busy">{i18n.t('media.text.reading')}</p>
          </Match>
          <Match when={textStage() === 'failed'}>
            <p class="faint">{i18n.t('media.text.failed')}</p>
          </Match>
          <Match when={props.textLoading}>
            <p class="faint">{i18n.t('app.loading')}</p>
          </Match>
        </Switch>
      </section>
    </div>
  );
}
