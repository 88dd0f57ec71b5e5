import { createEffect, createSignal, on, onCleanup, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { isTyping } from '../ui/keys.ts';
import { placeholderOf } from './placeholder.ts';
import { createZoom, type Gesture, type Point } from './zoom.model.ts';
import './stage.css';

/** How far a small picture is blown up to be seen well. */
const LARGEST_GROWTH = 2;

/** The picture as large as the room allows; wheel, pinch, double tap and buttons zoom, a finger swipes or pans. */
export function Stage(props: { item: MediaItem; label: string; onGesture: (gesture: Gesture) => void }) {
  const { t } = useI18n();
  const zoom = createZoom((gesture) => props.onGesture(gesture));
  const [loaded, setLoaded] = createSignal(false);
  let stage!: HTMLDivElement;

  createEffect(
    on(
      () => props.item.url,
      () => {
        zoom.reset();
        setLoaded(false);
      },
    ),
  );

  // Before anyone else, so that arrows move a picture that is zoomed in instead of turning the page.
  const onKey = (event: KeyboardEvent) => {
    if (!isTyping(event) && zoom.key(event.key)) event.preventDefault();
  };
  document.addEventListener('keydown', onKey, { capture: true });
  onCleanup(() => document.removeEventListener('keydown', onKey, { capture: true }));

  /** Measured from the middle of the stage. */
  const point = (event: MouseEvent): Point => {
    const rect = stage.getBoundingClientRect();
    return { x: event.clientX - rect.left - rect.width / 2, y: event.clientY - rect.top - rect.height / 2 };
  };
  const transform = () => {
    const { scale, x, y } = zoom.zoom();
    return scale === 1 ? 'none' : `translate(${x}px, ${y}px) scale(${scale})`;
  };

  return (
    <div
      ref={stage}
      class="stage"
      data-zoomed={zoom.zoom().scale > 1 ? '' : undefined}
      onDblClick={(event) => zoom.toggle(point(event))}
      on:wheel={(event) => {
        event.preventDefault();
        zoom.by(Math.exp(-event.deltaY / 400), point(event));
      }}
      onPointerDown={(event) => {
        if (event.target instanceof Element && event.target.closest('button')) return;
        stage.setPointerCapture(event.pointerId);
        zoom.down(event.pointerId, point(event));
      }}
      onPointerMove={(event) => zoom.move(event.pointerId, point(event))}
      onPointerUp={(event) => zoom.up(event.pointerId)}
      onPointerCancel={(event) => zoom.up(event.pointerId, true)}
    >
      <div
        class="stage-frame"
        style={{
          '--ratio': String(props.item.width / props.item.height || 1),
          '--natural': `${Math.max(LARGEST_GROWTH * props.item.width, 320)}px`,
          transform: transform(),
          'background-image': loaded() ? 'none' : placeholderOf(props.item.thumbHash),
        }}
      >
        <Show when={!loaded() && props.item.thumbUrl}>
          {(thumb) => <img class="stage-thumb" src={thumb()} alt="" />}
        </Show>
        <img
          src={props.item.url}
          alt={props.label}
          draggable={zoom.zoom().scale === 1}
          onLoad={() => setLoaded(true)}
          data-loaded={loaded() ? '' : undefined}
        />
      </div>
      <div class="stage-zoom">
        <button
          type="button"
          class="button icon-only"
          aria-label={t('media.zoomOut')}
          aria-keyshortcuts="-"
          disabled={zoom.zoom().scale === 1}
          onClick={() => zoom.step('out')}
        >
          <Icon name="minus" />
        </button>
        <button
          type="button"
          class="button icon-only"
          aria-label={t('media.zoomIn')}
          aria-keyshortcuts="+"
          onClick={() => zoom.step('in')}
        >
          <Icon name="add" />
        </button>
      </div>
    </div>
  );
}
