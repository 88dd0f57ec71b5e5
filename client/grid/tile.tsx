import { createSignal, Show, untrack } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { isTall, thumbSize } from '../../app/media/shape.shared.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { itemName } from '../library/item-name.ts';
import { HighlightedText } from '../library/highlighted-text.tsx';
import { cancelDecode, thumbhashPlaceholder } from '../library/thumbhash.ts';
import { showsMatch } from './grid.model.ts';
import { Icon } from '../ui/icon.tsx';
import type { TileBox } from './masonry.ts';
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
        aria-description={props.item.state === 'processing' ? i18n.t('browse.reading') : undefined}
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
          <Show when={props.item.thumbUrl ?? props.item.posterUrl}>
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
      <Show when={props.item.kind !== 'image' || tall() || props.item.state === 'processing'}>
        <span class="tile-badges">
          <Show when={props.item.kind !== 'image'}>
            <span class="tile-badge">
              {i18n.t(props.item.kind === 'video' ? 'browse.video' : 'browse.animation')}
            </span>
          </Show>
          <Show when={tall()}>
            <span class="tile-badge">{i18n.t('browse.tall')}</span>
          </Show>
          <Show when={props.item.state === 'processing'}>
            <span class="tile-badge busy" title={i18n.t('browse.reading')}>
              <Icon name="words" />
            </span>
          </Show>
        </span>
      </Show>
    </li>
  );
}

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
