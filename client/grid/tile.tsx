import { createSignal, Show, untrack } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { isTall, thumbSize } from '../../app/media/shape.shared.ts';
import { MIN_LARGE_GAIN, THUMB_WIDTH_PIXELS } from '../../app/media/thumbnail.limits.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { itemName } from '../library/item-name.ts';
import { Icon } from '../ui/icon.tsx';
import { HighlightedText } from '../library/highlighted-text.tsx';
import { cancelDecode, thumbhashPlaceholder } from '../library/thumbhash.ts';
import { showsMatch } from './grid.model.ts';
import type { TileBox } from './masonry.ts';
import { density, tileNote } from './tile-settings.ts';
import './tile.css';

/** Thumbnails shown before. They come from the cache and need no placeholder. */
const shown = new Set<string>();

/** Hover time before an animation plays, in milliseconds. */
const HOVER_DELAY_MS = 150;

const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * One item in the grid: a link to its page and a checkbox. The checkbox is not a Tab stop, which
 * would double the stops. `x` and Space on the link do the same.
 */
export function Tile(props: {
  item: MediaListItem;
  box: TileBox;
  href: string;
  position: number;
  selected: boolean;
  /** Whether a long press made it play. */
  held: boolean;
}) {
  const i18n = useI18n();
  const [playing, setPlaying] = createSignal(false);
  const [loaded, setLoaded] = createSignal(shown.has(untrack(() => props.item.id)));
  let rest: ReturnType<typeof setTimeout> | undefined;

  const play = (event?: PointerEvent) => {
    clearTimeout(rest);
    if (event?.pointerType === 'touch') return; // touch uses a long press instead (long-press.ts)
    if (props.item.kind !== 'image' && !reducedMotion.matches)
      rest = setTimeout(() => setPlaying(true), HOVER_DELAY_MS);
  };
  const stop = () => {
    clearTimeout(rest);
    setPlaying(false);
  };
  /** Whether the tile shows only a part of a strip. */
  const tall = () => isTall(props.item);
  /** The thumbnail; in a tile that is wider than its pixels, the larger one. */
  const still = () => {
    const { thumbUrl, largeUrl, posterUrl } = props.item;
    const isLarge =
      density() === 'large' && props.box.width * devicePixelRatio > MIN_LARGE_GAIN * THUMB_WIDTH_PIXELS;
    return (isLarge ? (largeUrl ?? posterUrl ?? thumbUrl) : thumbUrl) ?? posterUrl;
  };
  /** Size of the thumbnail. An older one is cropped to it. */
  const size = () => thumbSize(props.item);
  /**
   * The accessible name includes the visible mark and match, because a link's name must contain its
   * text (WCAG 2.5.3).
   */
  const name = () => {
    const label = itemName(props.item, i18n);
    const found = showsMatch(props.item) ? props.item.match?.snippet : undefined;
    const parts = [label, tall() && i18n.t('browse.tall'), found !== label && found];
    return parts.filter(Boolean).join(', ');
  };
  const description = () => {
    const { favourite, kind, state } = props.item;
    const kindText = kind === 'image' ? '' : i18n.t(`browse.${kind}`);
    return (
      [kindText, favourite && i18n.t('browse.favourite'), state === 'processing' && i18n.t('browse.reading')]
        .filter(Boolean)
        .join(', ') || undefined
    );
  };
  const plays = () => playing() || (props.held && !reducedMotion.matches);
  const titleMarks = () => (props.item.match?.field === 'title' ? props.item.match.marks : []);

  return (
    <li
      class="tile"
      data-id={props.item.id}
      data-selected={props.selected ? '' : undefined}
      aria-posinset={props.position + 1}
      aria-setsize="-1"
      style={{
        transform: `translate(${props.box.x}px, ${props.box.y}px)`,
        width: `${props.box.width}px`,
        height: `${props.box.height}px`,
      }}
    >
      <a
        href={props.href}
        noScroll={true}
        state='{"fromFolder":true}'
        aria-label={name()}
        aria-description={description()}
        draggable={false}
        onPointerEnter={play}
        onPointerLeave={stop}
        onFocus={() => play()}
        onBlur={stop}
      >
        <span
          class="tile-picture"
          style={{ 'background-image': loaded() ? 'none' : thumbhashPlaceholder(props.item.thumbHash) }}
        >
          <Show when={still()}>
            {(thumb) => (
              <img
                src={thumb()}
                alt=""
                width={size().width}
                height={size().height}
                decoding="async"
                draggable={false}
                onLoad={() => {
                  shown.add(props.item.id);
                  setLoaded(true);
                  cancelDecode(props.item.thumbHash);
                }}
              />
            )}
          </Show>
          <Show when={plays()}>
            <Preview item={props.item} />
          </Show>
          <Show when={tileNote()} keyed>
            {(Note) => <Note item={props.item} />}
          </Show>
          <Show when={props.item.favourite}>
            <span class="tile-favourite">
              <Icon name="star" />
            </span>
          </Show>
          <Show when={props.item.kind !== 'image' || tall()}>
            <span
              class="tile-kind"
              data-kind={props.item.kind}
              data-text={tall() ? i18n.t('browse.tall') : duration(props.item.durationMs)}
              aria-hidden="true"
            />
          </Show>
        </span>
        <Show when={props.item.title}>
          {(title) => (
            <span class="tile-title">
              <HighlightedText text={title()} marks={titleMarks()} />
            </span>
          )}
        </Show>
        <Show when={showsMatch(props.item) && props.item.match}>
          {(match) => (
            <span class="tile-match">
              <HighlightedText text={match().snippet} marks={match().marks} />
            </span>
          )}
        </Show>
      </a>
      <button
        type="button"
        class="tile-check"
        role="checkbox"
        tabindex="-1"
        aria-checked={props.selected}
        aria-label={i18n.t('select.one', { name: name() })}
      />
    </li>
  );
}

/** A duration as `0:05`, `12:05` or `1:02:03`; empty if unknown. */
const duration = (ms: number | null) =>
  ms === null
    ? ''
    : new Date(Math.ceil(ms / 1000) * 1000)
        .toISOString()
        .slice(11, 19)
        .replace(/^[0:]{1,4}/, '');

/**
 * Preview of an animation while hovered: a short silent video if there is one, otherwise the
 * animation.
 */
function Preview(props: { item: MediaListItem }) {
  const video = () =>
    props.item.previewUrl ??
    (props.item.kind === 'video' ? (props.item.playbackUrl ?? props.item.url) : null);
  return (
    <Show when={video()} fallback={<img src={props.item.url} alt="" />}>
      {(address) => (
        <video
          ref={(video) => {
            video.muted = true; // autoplay needs the property
          }}
          src={address()}
          autoplay
          loop
          playsinline
          disablepictureinpicture
          aria-hidden="true"
          tabindex="-1"
        />
      )}
    </Show>
  );
}
