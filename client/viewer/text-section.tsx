import { Match, Show, Switch } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import { EditableText } from './editable-text.tsx';
import { Retry } from './processing-status.tsx';
import { MAX_TEXT_UNITS } from '../../app/media/media.limits.ts';

/** Text of an item: recognised, corrected by a user, or still processing. */
export function TextSection(props: { item: MediaItem; headingId: string; loading: boolean }) {
  const i18n = useI18n();
  const tMedia = useMediaDictionary();
  const stage = () => props.item.stages.find((each) => each.stage === 'text');

  return (
    <section class="details-text" aria-labelledby={props.headingId} aria-busy={stage()?.state === 'pending'}>
      <EditableText
        item={props.item}
        field="text"
        label={tMedia('edit.textField')}
        hint={tMedia('edit.text.hint')}
        maxlength={MAX_TEXT_UNITS}
        lines={6}
      >
        {(begin, ref) => (
          <>
            <div class="details-text-head">
              <h3 id={props.headingId}>{tMedia('media.text')}</h3>
              <Show when={props.item.textEdited}>
                <span class="details-corrected">{tMedia('text.corrected')}</span>
              </Show>
              <button
                ref={ref}
                type="button"
                class="button icon-only"
                aria-label={tMedia('edit.text')}
                disabled={props.loading}
                onClick={begin}
              >
                <Icon name="edit" />
              </button>
            </div>
            <Switch fallback={<p class="faint">{tMedia('media.text.none')}</p>}>
              <Match when={props.item.text}>{(text) => <p class="details-words">{text()}</p>}</Match>
              <Match when={props.loading}>
                <p class="faint">{i18n.t('app.loading')}</p>
              </Match>
              <Match when={stage()?.state === 'pending'}>
                <p class="faint busy">{tMedia('media.text.reading')}</p>
              </Match>
              <Match when={stage()?.state === 'failed'}>
                <p class="faint">{tMedia('text.failed')}</p>
              </Match>
            </Switch>
            <Show when={stage()?.state === 'failed' && stage()}>
              {(failed) => <Retry item={props.item} reason={failed().failure} />}
            </Show>
          </>
        )}
      </EditableText>
    </section>
  );
}
