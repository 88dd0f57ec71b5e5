import { createSignal, Show } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { labelOf } from '../media/label.ts';
import { Marked } from '../media/marked.tsx';
import { placeholderOf } from '../media/placeholder.ts';
import { showsMatch } from './grid.model.ts';
import type { Box } from './masonry.ts';
import './tile.css';

/** Thumbnails that have been shown: they come from the cache and need no second fade. */
const shown = new Set<string>();

/** How long the pointer rests on an animation before it plays, in milliseconds. */
const REST_MS = 150;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** One picture in the grid, a link to its own page. */
export function Tile(props: { item: MediaListItem; box: Box; href: string; position: number }) {
  const i18n = useI18n();
  const [playing, setPlaying] = createSignal(false);
  let rest: ReturnType<typeof setTimeout> | undefined;

  const play = () => {
    clearTimeout(rest);
    if (props.item.kind === 'animation' && !calm.matches) rest = setTimeout(() => setPlaying(true), REST_MS);
  };
  const stop = () => {
    clearTimeout(rest);
    setPlaying(false);
  };
  const titleMarks = () => (props.item.match?.field === 'title' ? props.item.match.marks : []);

  return (
    <li
      class="tile"
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
        aria-label={labelOf(props.item, i18n)}
        data-id={props.item.id}
        onPointerEnter={play}
        onPointerLeave={stop}
        onFocus={play}
        onBlur={stop}
      >
        <span class="tile-picture" style={{ 'background-image': placeholderOf(props.item.thumbHash) }}>
          <Show when={props.item.thumbUrl ?? props.item.posterUrl}>
            {(thumb) => (
              <img
                src={thumb()}
                alt=""
                width={props.item.width}
                height={props.item.height}
                decoding="async"
                data-shown={shown.has(props.item.id) ? '' : undefined}
                onLoad={(event) => {
                  shown.add(props.item.id);
                  event.currentTarget.dataset['shown'] = '';
                }}
              />
            )}
          </Show>
          <Show when={playing()}>
            <img src={props.item.url} alt="" data-shown="" />
          </Show>
          <span class="tile-badges">
            <Show when={props.item.kind !== 'image'}>
              <span class="tile-badge">
                {i18n.t(props.item.kind === 'video' ? 'browse.video' : 'browse.animation')}
              </span>
            </Show>
            <Show when={props.item.state === 'processing'}>
              <span class="tile-badge busy">{i18n.t('browse.reading')}</span>
            </Show>
          </span>
        </span>
        <Show when={props.item.title}>
          {(title) => (
            <span class="tile-title">
              <Marked text={title()} marks={titleMarks()} />
            </span>
          )}
        </Show>
        <Show when={showsMatch(props.item) && props.item.match}>
          {(match) => (
            <span class="tile-match">
              <Marked text={match().snippet} marks={match().marks} />
            </span>
          )}
        </Show>
      </a>
    </li>
  );
}
