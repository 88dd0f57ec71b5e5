import { Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import type { createNavigation } from './navigation.ts';
import { SectionBoundary } from './section-boundary.tsx';
import { VideoPlayer } from './video-player.tsx';
import type { Gesture } from './zoom.model.ts';
import { ZoomableImage } from './zoomable-image.tsx';

/** The picture or video, with the buttons to its neighbours. */
export function ShownMedia(props: {
  item: MediaItem;
  label: string;
  navigation: ReturnType<typeof createNavigation>;
}) {
  const t = useMediaDictionary();
  const onGesture = (gesture: Gesture) => {
    if (gesture === 'close') props.navigation.close();
    else if (gesture !== 'none') props.navigation.go(gesture === 'next' ? 1 : -1);
  };
  return (
    <div class="viewer-main">
      <Show when={props.item.id} keyed>
        {(_id) => (
          <SectionBoundary>
            <Show
              when={props.item.kind === 'video'}
              fallback={<ZoomableImage item={props.item} label={props.label} onGesture={onGesture} />}
            >
              <VideoPlayer item={props.item} label={props.label} onGesture={onGesture} />
            </Show>
          </SectionBoundary>
        )}
      </Show>
      <Show when={props.navigation.previous()}>
        <button
          type="button"
          class="button icon-only viewer-step previous"
          aria-label={t('media.previous')}
          aria-keyshortcuts="ArrowLeft"
          onClick={() => props.navigation.go(-1)}
        >
          <Icon name="left" />
        </button>
      </Show>
      <Show when={props.navigation.next()}>
        <button
          type="button"
          class="button icon-only viewer-step next"
          aria-label={t('media.next')}
          aria-keyshortcuts="ArrowRight"
          onClick={() => props.navigation.go(1)}
        >
          <Icon name="right" />
        </button>
      </Show>
    </div>
  );
}
