import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, onCleanup, onMount, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import { isTyping } from '../ui/shortcuts.ts';
import { readSetting, saveSetting } from '../lib/local-storage.ts';
import { downloadUrl } from './media-urls.ts';
import { videoSource } from './video-source.ts';
import { readSwipe, type Gesture, type Point } from './zoom.model.ts';
import { itemQuery } from '../library/item.queries.ts';
import { thumbhashPlaceholder } from '../library/thumbhash.ts';
import './zoomable-image.css';
import './video-player.css';

/** Maximum duration of a clip that loops like an animation, in milliseconds. */
const MAX_LOOP_MS = 10_000;
/** Height of the browser's controls with the timeline, in CSS pixels. A finger seeks there. */
const CONTROLS_HEIGHT_PX = 80;
/** Minimum width of the browser's controls, in CSS pixels. */
const MIN_CONTROLS_PX = 240;

/**
 * A video with native controls and the last used volume. It plays at once, unless reduced motion is
 * set. If the browser allows no sound without a click, it plays muted with a button for the sound.
 * If the browser cannot play the original, it switches to the compatible version once available. A
 * swipe above the controls changes the item.
 */
export function VideoPlayer(props: {
  item: MediaItem;
  label: string;
  onGesture: (gesture: Gesture) => void;
}) {
  const { t } = useI18n();
  const tMedia = useMediaDictionary();
  const client = useQueryClient();
  const [refused, setRefused] = createSignal<ReadonlySet<string>>(new Set());
  const source = createMemo<string | null>((before) => videoSource(props.item, refused(), before ?? null));
  let video: HTMLVideoElement | undefined;

  const refuse = () => {
    const bad = source();
    if (bad !== null) setRefused((all) => new Set([...all, bad]));
  };
  const again = () => {
    setRefused(new Set<string>());
    void client.invalidateQueries(itemQuery(client, props.item.id));
  };

  /** Space plays and pauses wherever the focus is, except on controls that use it. */
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== ' ' || isTyping(event) || !video) return;
    if (event.target instanceof Element && event.target.closest('button, a, summary')) return;
    event.preventDefault();
    if (video.paused) video.play().catch(() => {}); // blocked by the autoplay policy
    else video.pause();
  };
  onMount(() => document.addEventListener('keydown', onKey));
  onCleanup(() => document.removeEventListener('keydown', onKey));

  const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const setUp = (element: HTMLVideoElement) => {
    video = element;
    const volume = Number(readSetting('volume') ?? 1);
    element.muted = readSetting('muted') === 'yes' || !props.item.hasAudio;
    if (volume >= 0 && volume <= 1) element.volume = volume;
  };

  /** Whether the browser, and not the user, has muted the video. */
  const [silenced, setSilenced] = createSignal(false);
  /** Plays with sound, or muted if the browser refuses the sound (its autoplay policy). */
  const start = async (element: HTMLVideoElement) => {
    if (reducedMotion || !element.paused) return;
    try {
      await element.play();
    } catch (thrown) {
      // Any other error means that the video is gone or cannot be played; `onError` handles that.
      if (!(thrown instanceof DOMException) || thrown.name !== 'NotAllowedError' || element.muted) return;
      setSilenced(true);
      element.muted = true;
      element.play().catch(() => {}); // not even muted, as with a data saver: the controls play it
    }
  };
  const unmute = () => {
    setSilenced(false);
    if (!video) return;
    video.muted = false;
    video.play().catch(() => {}); // the controls play it
  };

  /** Place where the only finger went down; `null` without one. */
  let swipe: Point | null = null;
  /** Whether a press is on a button, or on the browser's controls at the lower edge. */
  const isOnControl = (event: PointerEvent): boolean => {
    if (event.target !== video)
      return event.target instanceof Element && event.target.closest('button') !== null;
    const { bottom, height } = video.getBoundingClientRect();
    return bottom - event.clientY < Math.min(CONTROLS_HEIGHT_PX, height / 2);
  };

  return (
    <div
      class="viewer-image"
      onPointerDown={(event) => {
        const { pointerType, isPrimary, clientX: x, clientY: y } = event;
        swipe = pointerType === 'touch' && isPrimary && !isOnControl(event) ? { x, y } : null;
      }}
      onPointerUp={(event) => {
        const gesture = swipe && readSwipe({ x: event.clientX - swipe.x, y: event.clientY - swipe.y });
        swipe = null;
        if (gesture) props.onGesture(gesture);
      }}
      onPointerCancel={() => (swipe = null)}
    >
      <div
        class="viewer-image-frame"
        classList={{ tiny: props.item.width < MIN_CONTROLS_PX }}
        style={{
          '--ratio': String(props.item.width / props.item.height || 1),
          '--natural': `${Math.max(props.item.width, MIN_CONTROLS_PX)}px`,
          'background-image': thumbhashPlaceholder(props.item.thumbHash),
        }}
      >
        <Show
          when={source()}
          fallback={
            <>
              <Show when={props.item.posterUrl}>{(poster) => <img src={poster()} alt={props.label} />}</Show>
              <div class="viewer-image-refused" role="status">
                <Show
                  when={props.item.stages.some(
                    ({ stage, state }) => stage === 'playback' && state === 'pending',
                  )}
                  fallback={
                    <>
                      <p>{tMedia('video.cannotPlay')}</p>
                      <p>
                        <button type="button" class="button quiet" onClick={again}>
                          {t('app.retry')}
                        </button>
                        <a class="button quiet" href={downloadUrl(props.item)} download="">
                          {tMedia('media.download')}
                        </a>
                      </p>
                    </>
                  }
                >
                  <p class="busy">{tMedia('video.preparing')}</p>
                </Show>
              </div>
            </>
          }
        >
          {(address) => (
            <>
              <video
                ref={setUp}
                class="viewer-image-video"
                src={address()}
                poster={props.item.posterUrl ?? undefined}
                aria-label={props.label}
                controls
                playsinline
                loop={(props.item.durationMs ?? Infinity) < MAX_LOOP_MS}
                preload="metadata"
                onError={refuse}
                onLoadedMetadata={(event) => {
                  // Detects a video whose sound plays but whose picture does not; browsers report
                  // no error for it.
                  if (event.currentTarget.videoWidth === 0) refuse();
                  else void start(event.currentTarget);
                }}
                onVolumeChange={(event) => {
                  if (!event.currentTarget.muted) setSilenced(false);
                  // Only what the user chose is remembered.
                  if (silenced() || !props.item.hasAudio) return;
                  saveSetting('volume', String(event.currentTarget.volume));
                  saveSetting('muted', event.currentTarget.muted ? 'yes' : null);
                }}
              />
              <Show when={silenced()}>
                <button type="button" class="button viewer-unmute" onClick={unmute}>
                  <Icon name="sound" />
                  {tMedia('video.unmute')}
                </button>
              </Show>
            </>
          )}
        </Show>
      </div>
    </div>
  );
}
