import { createSignal, Show, untrack } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { itemName } from '../library/item-name.ts';
import { HighlightedText } from '../library/highlighted-text.tsx';
import { cancelDecode, thumbhashPlaceholder } from '../library/thumbhash.ts';
import { showsMatch } from './grid.model.ts';
import { Icon } from '../ui/icon.tsx';
import type { TileBox } from './masonry.ts';
import './tile.css';

/** Thumbnails that have been shown: they come from the cache and need no placeholder. */
const shown = new Set<string>();

/** How long the pointer rests on an animation before it plays, in milliseconds. */
const HOVER_DELAY_MS = 150;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/**
 * One picture in the grid: a link to its own page, and a mark that selects it. The mark is no stop of the Tab key, which would
 * double the way through a folder: on the link, `x` and Space do the same.
 */
export function Tile(props: {
  item: MediaListItem;
  box: TileBox;
  href: string;
  position: number;
  selected: boolean;
  /** A finger rests on it, or did: it plays. */
  held: boolean;
}) {
  const i18n = useI18n();
  const [playing, setPlaying] = createSignal(false);
  const [loaded, setLoaded] = createSignal(shown.has(untrack(() => props.item.id)));
  let rest: ReturnType<typeof setTimeout> | undefined;

  const play = (event?: PointerEvent) => {
    clearTimeout(rest);
    if (event?.pointerType === 'touch') return; // a finger holds it instead (press.ts)
    if (props.item.kind !== 'image' && !calm.matches)
      rest = setTimeout(() => setPlaying(true), HOVER_DELAY_MS);
  };
  const stop = () => {
    clearTimeout(rest);
    setPlaying(false);
  };
  /** With what a search found, as far as it is shown: the name of a link holds the words on it (WCAG 2.5.3). */
  const name = () => {
    const label = itemName(props.item, i18n);
    const found = showsMatch(props.item) ? props.item.match?.snippet : undefined;
    return found && found !== label ? `${label}, ${found}` : label;
  };
  const plays = () => playing() || (props.held && !calm.matches);
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
                width={props.item.width}
                height={props.item.height}
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
      <Show when={props.item.kind !== 'image' || props.item.state === 'processing'}>
        <span class="tile-badges">
          <Show when={props.item.kind !== 'image'}>
            <span class="tile-badge">
              {i18n.t(props.item.kind === 'video' ? 'browse.video' : 'browse.animation')}
            </span>
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

/** What moves while it is pointed at: a short silent film where there is one, else the animation itself. */
function Preview(props: { item: MediaListItem }) {
  const film = () =>
    props.item.previewUrl ??
    (props.item.kind === 'video' ? (props.item.playbackUrl ?? props.item.url) : null);
  return (
    <Show when={film()} fallback={<img src={props.item.url} alt="" />}>
      {(address) => (
        <video
          ref={(video) => {
            video.muted = true; // the attribute counts only in parsed pages, and autoplay needs it
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
