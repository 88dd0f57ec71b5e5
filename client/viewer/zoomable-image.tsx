import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { thumbPart } from '../../app/media/shape.shared.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import { isTyping } from '../ui/shortcuts.ts';
import { thumbhashPlaceholder } from '../library/thumbhash.ts';
import { createScrolledView, sizeOf } from './scrolled-view.ts';
import { createZoom, type Gesture, type Point } from './zoom.model.ts';
import './zoomable-image.css';

/**
 * The image at the largest size that fits; a tall one fits the width and is scrolled. Wheel, pinch,
 * double tap and buttons zoom; a drag swipes or pans.
 */
export function ZoomableImage(props: {
  item: MediaItem;
  label: string;
  onGesture: (gesture: Gesture) => void;
}) {
  const { t } = useI18n();
  const tMedia = useMediaDictionary();
  const view = createScrolledView(
    () => props.item,
    () => ({ scroller, frame }),
  );
  const zoom = createZoom(
    (gesture) => props.onGesture(gesture),
    () => ({
      frame: { width: stage.clientWidth, height: stage.clientHeight },
      picture: sizeOf(frame),
    }),
    view,
  );
  const [loaded, setLoaded] = createSignal(false);
  const [touched, setTouched] = createSignal(false);
  const [broken, setBroken] = createSignal<'offline' | 'missing' | null>(null);
  /** Asks why the image did not load: any answer of its server means that the file is missing. */
  const explain = async (failed: string) => {
    const answered = await fetch(failed, { method: 'HEAD', mode: 'no-cors', cache: 'no-store' }).then(
      () => true,
      () => false,
    );
    if (failed === url()) setBroken(answered ? 'missing' : 'offline');
  };
  let stage!: HTMLDivElement;
  let scroller!: HTMLDivElement;
  let frame!: HTMLDivElement;

  // A memo, because an item with other changed data is still the same image.
  const url = createMemo(() => props.item.url);
  createEffect(
    on(
      url,
      () => {
        zoom.reset();
        view.reset();
        setLoaded(false);
        setBroken(null);
      },
      // Deferred, because effects wait for content that is still loading, and the image may load
      // earlier.
      { defer: true },
    ),
  );

  // Captures keys first, so that arrows pan a zoomed image instead of navigating.
  const onKey = (event: KeyboardEvent) => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (view.key(event.key) || zoom.key(event.key)) event.preventDefault();
  };
  document.addEventListener('keydown', onKey, { capture: true });
  onCleanup(() => document.removeEventListener('keydown', onKey, { capture: true }));

  /** Position relative to the frame's centre. */
  const point = (event: MouseEvent): Point => {
    const rect = stage.getBoundingClientRect();
    return { x: event.clientX - rect.left - rect.width / 2, y: event.clientY - rect.top - rect.height / 2 };
  };
  const transform = () => {
    const { scale, x, y } = zoom.zoom();
    const drag = touched() ? zoom.drag() : null;
    // Follows the finger along its main direction: sideways, or down to close.
    if (scale === 1 && drag)
      return Math.abs(drag.x) > Math.abs(drag.y)
        ? `translateX(${drag.x}px)`
        : `translateY(${view.active() ? 0 : Math.max(0, drag.y)}px)`;
    return scale === 1 ? 'none' : `translate(${x}px, ${y}px) scale(${scale})`;
  };

  return (
    <div
      ref={stage}
      class="viewer-image"
      data-zoomed={zoom.zoom().scale > 1 ? '' : undefined}
      data-scrolled={view.active() ? '' : undefined}
      data-held={touched() && zoom.drag() ? '' : undefined}
      onDblClick={(event) => {
        if (!touched() && !isOnButton(event)) zoom.toggle(point(event));
      }}
      on:wheel={(event) => {
        // A pinch on a touchpad comes as a wheel with Control.
        if (view.active() && !event.ctrlKey) return;
        event.preventDefault();
        zoom.by(Math.exp(-event.deltaY / 400), point(event));
      }}
      onPointerDown={(event) => {
        if (isOnButton(event) || isOnScrollbar(event, scroller)) return;
        setTouched(event.pointerType === 'touch');
        stage.setPointerCapture(event.pointerId);
        zoom.down(event.pointerId, point(event));
      }}
      onPointerMove={(event) => zoom.move(event.pointerId, point(event))}
      onPointerUp={(event) => zoom.up(event.pointerId, false, touched() ? event.timeStamp : undefined)}
      onPointerCancel={(event) => zoom.up(event.pointerId, true)}
    >
      <div
        ref={scroller}
        class="viewer-image-scroll"
        role={view.active() ? 'group' : undefined}
        aria-label={view.active() ? props.label : undefined}
        tabindex={view.active() ? 0 : undefined}
      >
        <div
          ref={frame}
          class="viewer-image-frame"
          style={{
            '--ratio': String(props.item.width / props.item.height || 1),
            '--natural': `${props.item.width}px`,
            transform: transform(),
            'background-image': loaded() ? 'none' : thumbhashPlaceholder(props.item.thumbHash),
            'background-size': placeholderSize(props.item),
          }}
        >
          <Show when={!loaded() && props.item.thumbUrl}>
            {(thumb) => <img class="viewer-image-thumb" src={thumb()} alt="" />}
          </Show>
          <img
            src={broken() === null ? url() : undefined}
            alt={props.label}
            draggable={zoom.zoom().scale === 1}
            onLoad={() => setLoaded(true)}
            onError={() => void explain(url())}
            data-loaded={loaded() ? '' : undefined}
            hidden={broken() !== null}
          />
        </div>
      </div>
      <Show when={broken()}>
        <div class="viewer-image-refused" role="alert">
          <p>{broken() === 'missing' ? tMedia('media.fileGone') : t('error.offline')}</p>
          <button type="button" class="button quiet" onClick={() => setBroken(null)}>
            {t('app.retry')}
          </button>
        </div>
      </Show>
      <div class="viewer-image-zoom">
        <button
          type="button"
          class="button icon-only"
          aria-label={tMedia('media.zoomOut')}
          aria-keyshortcuts="-"
          disabled={zoom.zoom().scale === 1 && !view.active()}
          onClick={() => zoom.step('out')}
        >
          <Icon name="minus" />
        </button>
        <button
          type="button"
          class="button icon-only"
          aria-label={tMedia('media.zoomIn')}
          aria-keyshortcuts="+"
          onClick={() => zoom.step('in')}
        >
          <Icon name="add" />
        </button>
      </div>
    </div>
  );
}

/** The placeholder covers the part of the image that the thumbnail shows. */
function placeholderSize(item: MediaItem): string {
  const part = thumbPart(item);
  return `${(100 * part.width) / item.width}% ${(100 * part.height) / item.height}%`;
}

const isOnButton = (event: MouseEvent) =>
  event.target instanceof Element && event.target.closest('button') !== null;

/** Tells whether a press is on the scrollbar, which is beside the content. */
const isOnScrollbar = (event: MouseEvent, scroller: HTMLElement) =>
  event.target === scroller && event.offsetX >= scroller.clientWidth;
